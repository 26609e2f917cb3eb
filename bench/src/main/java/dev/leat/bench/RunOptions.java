package dev.leat.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all comparisons can be told. */
final class RunOptions {
  /** Thirty times what the slowest peer decides in a second. */
  private static final long MAX_BACKLOG = 1_500_000;

  enum Format {
    TEXT,
    JSON
  }

  @Option(
      names = "--runs",
      description = "of each system, in turns; default ${DEFAULT-VALUE}",
      defaultValue = "5")
  int runs = 5;

  @Option(
      names = "--seconds",
      description = "as fast as it goes; default ${DEFAULT-VALUE}",
      defaultValue = "60")
  int seconds = 60;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description = "before that; default ${DEFAULT-VALUE}",
      defaultValue = "40")
  int warmUpSeconds = 40;

  @Option(
      names = "--paced",
      paramLabel = "SECONDS",
      description = "on a schedule, after that; default ${DEFAULT-VALUE}, 0 for none",
      defaultValue = "30")
  int pacedSeconds = 30;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "events a second on the schedule; default as suits the workload")
  @Nullable Double rate;

  @Option(
      names = "--systems",
      split = ",",
      paramLabel = "NAME",
      description = "only these, such as leat,kafka-flink")
  List<String> systems = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "where to write WORKLOAD.json and WORKLOAD.svg, and the tables in README.md; without it"
              + " nothing is written")
  @Nullable Path out;

  @Option(
      names = "--temp",
      paramLabel = "DIR",
      description = "on the disk that is measured; default ${DEFAULT-VALUE}",
      defaultValue = "${sys:java.io.tmpdir}")
  Path temp = Path.of(System.getProperty("java.io.tmpdir"));

  @Option(
      names = "-o",
      description = "text or json; default ${DEFAULT-VALUE}",
      defaultValue = "text")
  Format format = Format.TEXT;

  @Option(names = "--keep", hidden = true, description = "keep what the systems wrote and said")
  boolean keep;

  /** The directory with the launcher in it. */
  Path home() {
    return Path.of(System.getProperty("leat.home", ".")).toAbsolutePath().normalize();
  }

  Trial.Plan plan(Workload workload) {
    double pacedRate = rate == null ? workload.pacedRate() : rate;
    return new Trial.Plan(
        Duration.ofSeconds(warmUpSeconds),
        Duration.ofSeconds(seconds),
        Duration.ofSeconds(pacedSeconds),
        pacedSeconds == 0 ? 0 : pacedRate,
        workload.lanes(),
        MAX_BACKLOG);
  }
}
