package dev.leat.server;

import dev.leat.store.FileRows;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat send}. */
@Command(
    name = "send",
    mixinStandardHelpOptions = true,
    description = {
      "Send files to a server: NDJSON, JSON, CSV, Parquet.",
      "CloudEvents go as they are. Other objects and rows become the data of an event each;"
          + " columns without a time zone are read as UTC."
    },
    footer = {
      "",
      "  leat send events.ndjson",
      "  leat send flights.parquet --type flight.departed --time date --partition-key origin",
      "",
      "Sending a file twice is harmless: without --id the ids follow from the file and the row."
    })
final class SendCommand implements Callable<Integer> {
  /** How bodies are compressed. */
  enum Compression {
    /** Only what leaves this machine. */
    AUTO,
    ZSTD,
    NONE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    boolean isOnFor(URI server) {
      Set<String> here = Set.of("localhost", "127.0.0.1", "[::1]");
      return this == ZSTD || (this == AUTO && !here.contains(server.getHost()));
    }
  }

  private static final int MAX_BATCH = 100_000;
  private static final int BATCH_BYTES = 4 << 20;
  private static final int SHOWN_REFUSALS = 5;

  @Spec private CommandSpec spec;
  @Mixin private ServerUrl server;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "files, or - for JSON from stdin")
  private List<Path> files = List.of();

  @Option(names = "--type", description = "type of events made of rows; default: after the file")
  private @Nullable String type;

  @Option(
      names = "--source",
      description = "source of events made of rows; default: after the file")
  private @Nullable String source;

  @Option(names = "--time", paramLabel = "COLUMN", description = "column that holds the time")
  private @Nullable String time;

  @Option(names = "--id", paramLabel = "COLUMN", description = "column that holds the id")
  private @Nullable String id;

  @Option(
      names = "--partition-key",
      paramLabel = "COLUMN",
      description = "column whose equal values keep their order")
  private @Nullable String partitionKey;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "events per request; default ${DEFAULT-VALUE}",
      defaultValue = "1000")
  private int batchSize = 1_000;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description =
          "requests at a time; default ${DEFAULT-VALUE}; 1 keeps the order of the file in the log",
      defaultValue = "4")
  private int inFlight = 4;

  @Option(
      names = "--compress",
      description =
          "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}: zstd unless the server is here",
      defaultValue = "auto")
  private Compression compression = Compression.AUTO;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "how long to try while the server is away or busy; default ${DEFAULT-VALUE}",
      defaultValue = "300")
  private int waitSeconds = 300;

  @Option(names = "--lenient", description = "exit with 0 although events were refused")
  private boolean lenient;

  @Mixin private ReportFormat format;

  private final SendReport report = new SendReport();
  private final InstantSource clock = InstantSource.system();
  private final SecureRandom chance = new SecureRandom();

  @Override
  public Integer call() throws InterruptedException {
    check("--batch", batchSize, 1, MAX_BATCH);
    check("--in-flight", inFlight, 1, 64);
    check("--wait", waitSeconds, 0, 1_000_000);
    Instant began = clock.instant();
    Progress progress = new Progress(spec.commandLine().getErr(), clock);
    Duration wait = Duration.ofSeconds(waitSeconds);
    try (LeatClient client = server.connect();
        Sender sender =
            new Sender(
                client,
                new Sender.Options(inFlight, compression.isOnFor(client.base()), wait),
                new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), chance),
                report,
                new Outage(wait, clock, progress::say))) {
      for (Path file : files) {
        send(file, sender, progress, began);
      }
      sender.finish();
    } finally {
      progress.clear();
    }
    return conclude(seconds(began));
  }

  private void send(Path file, Sender sender, Progress progress, Instant began)
      throws InterruptedException {
    try (EventFile events = open(file)) {
      if (!events.repeatable()) {
        progress.say("stdin has no name to make ids of: sending it again sends new events");
      }
      long number = 0;
      boolean more = true;
      while (more) {
        Batch batch = sender.take();
        batch.reset(file.toString(), number + 1);
        more = fill(batch, events);
        number += batch.count();
        sender.submit(batch);
        if (progress.isDue()) {
          show(progress, files.size() == 1 ? events.fraction() : -1, seconds(began));
        }
      }
    } catch (IOException unreadable) {
      throw new CommandFailure("%s: %s".formatted(file, unreadable.getMessage()), unreadable);
    }
  }

  private boolean fill(Batch batch, EventFile events) throws IOException {
    while (batch.count() < batchSize && batch.length() < BATCH_BYTES) {
      if (!events.next(batch)) {
        return false;
      }
    }
    return true;
  }

  private EventFile open(Path file) throws IOException {
    Wrapping wrapping = new Wrapping(type, source, time, id, partitionKey);
    if (file.toString().equals("-")) {
      return JsonFile.ofStdin(System.in, wrapping, chance);
    }
    return FileRows.reads(file) ? new RowFile(file, wrapping) : JsonFile.open(file, wrapping);
  }

  private void show(Progress progress, double fraction, double seconds) {
    long accepted = report.accepted();
    progress.show(
        fraction,
        "%,d accepted, %,d/s%s"
            .formatted(
                accepted,
                Math.round(accepted / seconds),
                report.refused() == 0 ? "" : ", %,d refused".formatted(report.refused())));
  }

  private int conclude(double seconds) {
    PrintWriter out = spec.commandLine().getOut();
    if (format.isJson()) {
      out.print(JsonText.of(json -> report.writeTo(json, seconds)));
    } else {
      out.printf(
          "%,d events accepted in %.1f s (%,d/s)%s%n",
          report.accepted(),
          seconds,
          Math.round(report.accepted() / seconds),
          report.lastPosition() < 0 ? "" : ", last position " + report.lastPosition());
      tellRefusals();
    }
    out.flush();
    return report.refused() == 0 || lenient ? 0 : 1;
  }

  private void tellRefusals() {
    if (report.refused() == 0) {
      return;
    }
    PrintWriter err = spec.commandLine().getErr();
    err.printf("%,d events refused:%n", report.refused());
    report.examples().stream()
        .limit(SHOWN_REFUSALS)
        .forEach(refusal -> err.println("  " + refusal));
    if (report.refused() > SHOWN_REFUSALS) {
      err.println("  ...");
    }
    err.flush();
  }

  private double seconds(Instant began) {
    return Math.max(1, Duration.between(began, clock.instant()).toMillis()) / 1e3;
  }

  private void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(),
          "%s must be between %d and %d, not %d".formatted(name, least, most, value));
    }
  }
}
