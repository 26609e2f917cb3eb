package dev.leat.trials;

import java.io.Console;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code leat damage}. */
@Command(
    name = "damage",
    description =
        "Flips bits of files of every type and cuts them short, has the room that wrote them open them again, and compares the answers.",
    mixinStandardHelpOptions = true)
final class DamageCommand implements Callable<Integer> {
  @Option(
      names = "--types",
      split = ",",
      paramLabel = "TYPE",
      description = "Only these; otherwise all of them.")
  private List<String> types = List.of();

  @Option(
      names = "--sample",
      paramLabel = "N",
      description = "Try so many damages of each type. Default: ${DEFAULT-VALUE}")
  private long sample = 2_000;

  @Option(names = "--all", description = "Try every bit and every length.")
  private boolean all;

  @Option(names = "--seed", description = "Which ones to try. Default: ${DEFAULT-VALUE}")
  private long seed = 1;

  @Option(names = "--threads", description = "Default: one for each core.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    SequencedMap<String, Callable<DamageCase>> known = DamageTypes.all();
    Set<String> wanted = types.isEmpty() ? known.sequencedKeySet() : Set.copyOf(types);
    if (!known.keySet().containsAll(wanted) || threads < 1 || sample < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "types are %s; threads and sample are positive".formatted(known.sequencedKeySet()));
    }
    // The rooms report what they find, thousands of times.
    quiet();
    print(DamageTally.header());
    long wrong = 0;
    for (String type : known.sequencedKeySet()) {
      if (wanted.contains(type)) {
        try (DamageCase files = DamageTypes.make(type)) {
          wrong += hunt(type, new DamageHunt(files));
        }
      }
    }
    print(wrong == 0 ? "Nothing wrong." : "%d wrong outcomes.".formatted(wrong));
    return wrong == 0 ? 0 : 1;
  }

  /** Before the first room has a logger. */
  static void quiet() {
    System.setProperty("LEAT_LOG_LEVEL", "OFF");
  }

  private long hunt(String type, DamageHunt hunt) throws InterruptedException {
    long count = all ? hunt.space().size() : Math.min(sample, hunt.space().size());
    DamageTally tally =
        hunt.run(
            all ? -1 : sample,
            seed,
            threads,
            done -> {
              if (isTerminal()) {
                System.err.printf("\r%s: %d of %d  ", type, done, count);
              }
            });
    if (isTerminal()) {
      System.err.print("\r\033[K");
    }
    print(tally.line(type, hunt.space().bytes()));
    tally.examples().forEach(example -> print("  WRONG " + example));
    return tally.wrong.sum();
  }

  @SuppressWarnings("SystemConsoleNull") // From JDK 25 on it is null again where nobody watches.
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private void print(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
