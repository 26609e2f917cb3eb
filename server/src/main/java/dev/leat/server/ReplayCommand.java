package dev.leat.server;

import dev.leat.query.JsonWriter;
import dev.leat.server.StoreQuestions.Came;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code leat replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Build a second view of the events in the log beside the first: a data directory of its own,"
          + " whose tables are made anew from a position on, under the definition in force or"
          + " another. Whether or not a server is at work on the first view.",
      "Compares what came out with the first view, by stream."
    },
    footer = {
      "",
      "  leat replay --from 2026-01-31T00:00:00Z --into tryout --config new.yaml",
      "  leat serve --data tryout --config new.yaml --port 5329"
    })
final class ReplayCommand implements Callable<Integer> {
  private static final String START = "start";
  private static final String VERSION = "version:";

  @Spec private CommandSpec spec;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "TIME|POSITION|version:N|start",
      description = {
        "the first event: by the time it was received, its position, where a version of the store"
            + " ends, or as far back as the log goes"
      })
  private String from = "";

  @Option(
      names = "--into",
      required = true,
      paramLabel = "DIR",
      description = "the new data directory; a mere name is a directory beside DATA")
  private String into = "";

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description = "the data directory of the first view; default ${DEFAULT-VALUE}",
      defaultValue = "./data")
  private Path data = Path.of("");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "the definition to go by; default the one in force")
  private @Nullable Path config;

  @Mixin private ReportFormat format;

  @Override
  public Integer call() throws InterruptedException {
    ReplayStart start = start();
    Path target =
        into.contains("/") ? Path.of(into) : data.toAbsolutePath().normalize().resolveSibling(into);
    Progress progress = new Progress(format.err(), InstantSource.system());
    try {
      SecondView.Outcome outcome = SecondView.build(data, start, config, target, progress);
      progress.clear();
      if (format.isJson()) {
        format.out().print(JsonText.of(json -> write(json, target, outcome)));
      } else {
        print(format.out(), target, outcome);
      }
      format.out().flush();
      return outcome.balance().balanced() ? 0 : 1;
    } catch (IOException failed) {
      throw new CommandFailure("can't replay: " + failed, failed);
    } catch (IllegalStateException unreadable) {
      throw new CommandFailure("can't replay: " + unreadable.getMessage(), unreadable);
    } finally {
      progress.clear();
    }
  }

  private ReplayStart start() {
    if (from.equals(START)) {
      return new ReplayStart.Oldest();
    }
    if (from.matches("[0-9]{1,18}")) {
      return new ReplayStart.At(Long.parseLong(from));
    }
    if (from.matches(VERSION + "[0-9]{1,18}")) {
      return new ReplayStart.After(Long.parseLong(from.substring(VERSION.length())));
    }
    try {
      return new ReplayStart.Since(OffsetDateTime.parse(from).toInstant());
    } catch (DateTimeException unclear) {
      throw new ParameterException(
          spec.commandLine(),
          "--from %s is neither a time (2026-01-31T00:00:00Z), a position (123), version:N, nor start"
              .formatted(from),
          unclear);
    }
  }

  private static Came of(Map<String, Came> came, String stream) {
    return came.getOrDefault(stream, Came.NOTHING);
  }

  private static SortedSet<String> streams(SecondView.Outcome outcome) {
    TreeSet<String> streams = new TreeSet<>(outcome.first().keySet());
    streams.addAll(outcome.second().keySet());
    streams.addAll(outcome.beyond().keySet());
    return streams;
  }

  private void print(PrintWriter out, Path target, SecondView.Outcome outcome) {
    out.printf(
        "%s holds the events from position %,d (%s) up to %,d.%n",
        target, outcome.begin(), outcome.from(), outcome.end());
    List<List<Object>> rows = new ArrayList<>();
    for (String stream : streams(outcome)) {
      Came first = of(outcome.first(), stream);
      Came second = of(outcome.second(), stream);
      rows.add(
          List.of(
              stream,
              first.rows(),
              second.rows(),
              first.deadLetters(),
              second.deadLetters(),
              first.discarded(),
              second.discarded()));
    }
    if (outcome.comparedTo() > outcome.begin()) {
      out.printf("What came of those below %,d, in both views:%n", outcome.comparedTo());
      Table.of(
              List.of(
                  "stream",
                  "rows, first",
                  "second",
                  "dead letters, first",
                  "second",
                  "discarded, first",
                  "second"),
              rows)
          .print(out);
      if (outcome.first().equals(outcome.second())) {
        out.println("They are the same.");
      }
    }
    if (outcome.comparedTo() < outcome.end()) {
      out.printf(
          "The %,d after them are in the second view only: the first had not committed them.%n",
          outcome.end() - outcome.comparedTo());
    }
    if (outcome.lost() > 0) {
      out.printf("%,d events could not be read from the log any more.%n", outcome.lost());
    }
    if (!outcome.balance().balanced()) {
      out.println("The balance of the second view does not hold: " + outcome.balance().detail());
    }
    out.printf(
        "Look at it with: leat serve --data %s%s --port 5329%n",
        target, config == null ? " (and the first view's --config)" : " --config " + config);
  }

  private static void write(JsonWriter json, Path target, SecondView.Outcome outcome)
      throws IOException {
    json.beginObject()
        .field("directory", target.toString())
        .field("begin", outcome.begin())
        .field("end", outcome.end())
        .field("from", outcome.from().toString())
        .field("comparedTo", outcome.comparedTo())
        .field("same", outcome.first().equals(outcome.second()))
        .field("lost", outcome.lost())
        .field("balanced", outcome.balance().balanced())
        .name("streams")
        .beginObject();
    for (String stream : streams(outcome)) {
      json.name(stream).beginObject();
      write(json, "first", of(outcome.first(), stream));
      write(json, "second", of(outcome.second(), stream));
      write(json, "beyond", of(outcome.beyond(), stream));
      json.endObject();
    }
    json.endObject().endObject();
  }

  private static void write(JsonWriter json, String name, Came came) throws IOException {
    json.name(name)
        .beginObject()
        .field("rows", came.rows())
        .field("deadLetters", came.deadLetters())
        .field("discarded", came.discarded())
        .endObject();
  }
}
