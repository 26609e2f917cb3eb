package dev.leat.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code leat bench report}. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Draw the charts and write the tables of README.md anew from the JSON beside it.")
final class ReportCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "the directory with the JSON; default ${DEFAULT-VALUE}",
      defaultValue = "docs/benchmarks")
  private Path out = Path.of("docs/benchmarks");

  @Override
  public Integer call() throws IOException {
    Publication.report(out);
    return 0;
  }
}
