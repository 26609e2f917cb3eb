package dev.leat.trials;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code leat flights}. */
@Command(
    name = "flights",
    mixinStandardHelpOptions = true,
    description = {
      "Send half a year of real flights out of order to a server that is killed on the way, and compare its",
      "metrics, window by window, with queries over the file.",
      "Exits with 1 if a window is missing, one is too many, or a value is off."
    },
    footer = {
      "",
      "The file is flights-3m.parquet of the package vega-datasets (examples/flights/README.md)."
    })
final class FlightsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--file", required = true, description = "flights-3m.parquet")
  private Path file = Path.of("flights-3m.parquet");

  @Option(names = "--partitions", description = "of the log; default 2", defaultValue = "2")
  private int partitions;

  @Option(names = "--kills", description = "kill -9 while sending; default 5", defaultValue = "5")
  private int kills;

  @Option(names = "--seed", description = "where chance begins; default any")
  private @Nullable Long seed;

  @Option(names = "--directory", description = "for data, which is left there")
  private @Nullable Path directory;

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    PrintWriter out = spec.commandLine().getOut();
    long begin = seed == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : seed;
    Path place = directory == null ? Files.createTempDirectory("leat-flights-") : directory;
    Files.createDirectories(place);
    out.printf("seed %d, directory %s, %d partitions%n", begin, place, partitions);
    out.flush();
    FlightsTrial trial =
        new FlightsTrial(file.toAbsolutePath(), place.toAbsolutePath(), partitions, kills, begin);
    boolean equal = trial.run(out);
    out.println(equal ? "All windows are as the file says." : "NOT as the file says.");
    out.flush();
    if (equal && directory == null) {
      TortureGround.delete(place);
    }
    return equal ? 0 : 1;
  }
}
