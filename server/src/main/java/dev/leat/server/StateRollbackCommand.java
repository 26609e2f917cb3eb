package dev.leat.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code leat state rollback}. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description =
        "Make an older version the present one: its rows, its state and its position. The next start processes the log again from there; versions after it are gone. Refused if the log can't give the events again.")
final class StateRollbackCommand implements Callable<Integer> {
  @Mixin private ReportFormat format;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "the data directory; default ${DEFAULT-VALUE}",
      defaultValue = "./data")
  private Path data = Path.of("data");

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      required = true,
      description = "a version that `leat state list` shows, or 0 for the beginning")
  private long to;

  @Override
  public Integer call() throws InterruptedException {
    try (DataVersions versions = DataVersions.open(data)) {
      long end = versions.present().nextOffset();
      long from = versions.position(to);
      long made = versions.rollback(to, InstantSource.system());
      print(made, from, end);
      return 0;
    } catch (IOException failed) {
      throw DataVersions.failure(data, failed);
    }
  }

  private void print(long made, long from, long end) {
    if (format.isJson()) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("version", made);
      json.put("of", to);
      json.put("position", Long.toString(from));
      json.put("replay", end - from);
      format.printJson(json);
      return;
    }
    format
        .out()
        .printf(
            "Version %d, which is version %d again, is the present one. The next start processes %,d events again, from %d to %d.%n",
            made, to, end - from, from, end);
    format.out().flush();
  }
}
