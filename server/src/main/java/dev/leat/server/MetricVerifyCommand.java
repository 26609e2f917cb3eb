package dev.leat.server;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code leat metrics verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Compare windows with what the stored rows yield, and change nothing.",
      "Exits with 1 if there are differences."
    },
    footer = {"", "  leat metrics verify departures --from -7d --to -1d"})
final class MetricVerifyCommand implements Callable<Integer> {
  @Mixin private ServerUrl server;
  @Mixin private ReportFormat format;
  @Mixin private MetricStretch stretch;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, @Nullable Object> answer = stretch.ask(server, "verify");
    MetricDifferences differences = new MetricDifferences(answer);
    if (format.isJson()) {
      format.printJson(answer);
    } else {
      differences.print(format.out(), "compared with");
    }
    return differences.isEmpty() ? 0 : 1;
  }
}
