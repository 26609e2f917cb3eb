package dev.leat.server;

import dev.leat.server.StageBench.Cost;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code leat bench stages}. */
@Command(
    name = "stages",
    mixinStandardHelpOptions = true,
    description =
        "Measure what each stage costs the thread that decides: the same events under definitions"
            + " with one stage more each time, in turns.")
final class BenchStagesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--events", description = "default ${DEFAULT-VALUE}", defaultValue = "200000")
  private int events = 200_000;

  @Option(names = "--rounds", description = "default ${DEFAULT-VALUE}", defaultValue = "7")
  private int rounds = 7;

  @Mixin private ReportFormat format;

  @Override
  public Integer call() throws IOException {
    Path directory = Files.createTempDirectory("leat-stages");
    try {
      List<Cost> costs = new StageBench(directory, events).run(rounds);
      PrintWriter out = spec.commandLine().getOut();
      out.print(format.isJson() ? json(costs) : text(costs));
      out.flush();
      return 0;
    } finally {
      Directories.delete(directory);
    }
  }

  private static String text(List<Cost> costs) {
    StringBuilder text =
        new StringBuilder(
            "core-seconds per million events   adds    all of it (median, least to most)  bytes allocated\n");
    double before = 0;
    for (Cost cost : costs) {
      text.append(
          "%-32s %6.2f  %6.2f  (%.2f to %.2f)  %,.0f per event%n"
              .formatted(
                  cost.variant().adds(),
                  cost.median() - before,
                  cost.median(),
                  cost.least(),
                  cost.most(),
                  cost.allocated()));
      before = cost.median();
    }
    return text.toString();
  }

  private static String json(List<Cost> costs) {
    return JsonText.of(
        json -> {
          json.beginArray();
          for (Cost cost : costs) {
            json.beginObject()
                .field("adds", cost.variant().adds())
                .field("median", cost.median())
                .field("least", cost.least())
                .field("most", cost.most())
                .field("allocatedBytes", cost.allocated())
                .endObject();
          }
          json.endArray();
        });
  }
}
