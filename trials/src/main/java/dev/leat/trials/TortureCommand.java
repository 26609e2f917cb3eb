package dev.leat.trials;

import dev.leat.trials.TortureFault.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code leat torture}. */
@Command(
    name = "torture",
    mixinStandardHelpOptions = true,
    description = {
      "Break real servers under load, start them again, and look for what is missing.",
      "Exits with 1 if an acknowledged event was lost, stored twice, or an answer was wrong."
    },
    footer = {
      "",
      "Kinds: kill, halt (at points of the code), error (of the disk, at such points), restart (killed while",
      "starting), power (cut; needs root), pause, clock (set wrong), full (disk; needs root), trace (errors from",
      "the kernel; needs strace), second (a second server in the directory)."
    })
final class TortureCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--minutes", description = "how long; default 5", defaultValue = "5")
  private double minutes;

  @Option(names = "--cycles", description = "end earlier, after about so many faults")
  private long cycles = Long.MAX_VALUE;

  @Option(names = "--kinds", split = ",", description = "which faults; default all")
  private List<String> kinds = List.of();

  @Option(names = "--seed", description = "where chance begins; default any")
  private @Nullable Long seed;

  @Option(names = "--directory", description = "for data; what broke is left there")
  private @Nullable Path directory;

  @Option(names = "--parallel", description = "servers at once; default 1", defaultValue = "1")
  private int parallel;

  @Option(
      names = "--check-every",
      description = "all is checked after so many faults; rows always; default 10",
      defaultValue = "10")
  private int checkEvery;

  @Option(
      names = {"-o", "--output"},
      description = "text or json; default text")
  private String output = "text";

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Set<Kind> wanted = possible(wanted(), err);
    if (wanted.isEmpty()) {
      return 1;
    }
    long begin = seed == null ? new SecureRandom().nextLong() >>> 16 : seed;
    Path place =
        directory == null ? Files.createTempDirectory("leat-torture-") : directory.toAbsolutePath();
    Files.createDirectories(place);
    err.printf("seed %d, directory %s, faults %s%n", begin, place, wanted);
    err.flush();
    TortureReport report = new TortureReport();
    new TortureRun(begin, place, wanted, parallel, cycles, checkEvery, report, err).run(minutes);
    out.print(output.equals("json") ? report.json(begin) + "\n" : report.table());
    out.flush();
    if (report.isClean() && directory == null) {
      clear(place);
    }
    return report.isClean() ? 0 : 1;
  }

  private Set<Kind> wanted() {
    if (kinds.isEmpty()) {
      return EnumSet.allOf(Kind.class);
    }
    Set<Kind> wanted = EnumSet.noneOf(Kind.class);
    for (String kind : kinds) {
      try {
        wanted.add(Kind.valueOf(kind.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException unknown) {
        throw new ParameterException(spec.commandLine(), "there is no fault " + kind, unknown);
      }
    }
    return wanted;
  }

  /** Without those that this machine does not allow, each of which is named. */
  private static Set<Kind> possible(Set<Kind> wanted, PrintWriter err) throws IOException {
    Set<Kind> possible = EnumSet.copyOf(wanted);
    List<String> skipped = new ArrayList<>();
    String refusal = LoopDisk.refusal();
    for (Kind mounted : List.of(Kind.POWER, Kind.FULL)) {
      if (!refusal.isEmpty() && possible.remove(mounted)) {
        skipped.add("%s: %s".formatted(mounted.word(), refusal));
      }
    }
    if (!Shell.has("strace") && possible.remove(Kind.TRACE)) {
      skipped.add("trace: strace is not installed");
    }
    skipped.forEach(line -> err.println("skipped: " + line));
    err.flush();
    return possible;
  }

  private static void clear(Path place) throws IOException {
    try (Stream<Path> left = Files.list(place)) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(place);
  }
}
