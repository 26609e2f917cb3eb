package dev.leat.server;

import dev.leat.server.DataVersions.Described;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code leat state verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Read every byte of every file of every version and compare it with its checksums; 1 if something is damaged. Nothing is changed.")
final class StateVerifyCommand implements Callable<Integer> {
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
      List<Described> verified = versions.describe(true);
      StateListCommand.print(format, verified);
      return verified.stream().allMatch(version -> version.damage().isEmpty()) ? 0 : 1;
    } catch (IOException failed) {
      throw DataVersions.failure(data, failed);
    }
  }
}
