package dev.leat.server;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code leat metrics recompute}. */
@Command(
    name = "recompute",
    mixinStandardHelpOptions = true,
    description = {
      "Compute windows anew from the stored rows, exactly, and put the results in the place of"
          + " those there are. Waits until it is done."
    },
    footer = {"", "  leat metrics recompute departures --from -7d --to now"})
final class MetricRecomputeCommand implements Callable<Integer> {
  @Mixin private ServerUrl server;
  @Mixin private ReportFormat format;
  @Mixin private MetricStretch stretch;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, @Nullable Object> answer = stretch.ask(server, "recompute");
    if (format.isJson()) {
      format.printJson(answer);
    } else {
      new MetricDifferences(answer).print(format.out(), "computed anew from");
    }
    return 0;
  }
}
