package dev.leat.server;

import dev.leat.server.DataVersions.Described;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code leat state list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description =
        "List the versions that can be gone back to, the present one first. Whether a version is whole goes by which files are there; `verify` reads them.")
final class StateListCommand implements Callable<Integer> {
  @Mixin private ReportFormat format;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "the data directory; default ${DEFAULT-VALUE}",
      defaultValue = "./data")
  private Path data = Path.of("data");

  @Override
  public Integer call() {
    try (DataVersions versions = DataVersions.open(data)) {
      print(format, versions.describe(false));
      return 0;
    } catch (IOException failed) {
      throw DataVersions.failure(data, failed);
    }
  }

  /** Prints versions with what is wrong with them. */
  static void print(ReportFormat format, List<Described> versions) {
    if (format.isJson()) {
      format.printJson(Map.of("versions", versions.stream().map(Described::toJson).toList()));
      return;
    }
    PrintWriter out = format.out();
    Table.of(DataVersions.COLUMNS, versions.stream().map(Described::toLine).toList()).print(out);
    for (Described version : versions) {
      version
          .damage()
          .forEach(
              (name, problem) ->
                  out.printf("version %d: %s: %s%n", version.version().version(), name, problem));
    }
    out.flush();
  }
}
