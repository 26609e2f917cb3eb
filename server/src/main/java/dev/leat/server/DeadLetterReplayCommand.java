package dev.leat.server;

import dev.leat.server.LeatClient.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code leat dead-letters replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Send dead letters again, through the present definition: all that are open, or those that"
          + " the options name.",
      "Exits with 1 if some failed again, or the replay did not come to its end."
    },
    footer = {
      "",
      "  leat dead-letters replay --stream orders --reason schema --dry-run",
      "  leat dead-letters replay --pointer /total --patch '{\"total\": double(data.total)}'"
    })
final class DeadLetterReplayCommand implements Callable<Integer> {
  private static final String PATH = DeadLettersCommand.PATH + "/replay";
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A dry run decides on every dead letter before it answers. */
  private static final Duration DRY_RUN = Duration.ofMinutes(10);

  private static final List<String> COLUMNS =
      List.of("verdict", "stream", "reason", "count", "sample");

  @Mixin private ServerUrl server;
  @Mixin private ReportFormat format;
  @Mixin private DeadLetterOptions filter;

  @Option(names = "--dry-run", description = "say what would happen, and send nothing")
  private boolean dryRun;

  @Option(
      names = "--patch",
      paramLabel = "CEL",
      description = "send what this expression makes of `data` and the envelope")
  private @Nullable String patch;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "at most so many a second, 0 for no limit; default ${DEFAULT-VALUE}",
      defaultValue = "1000")
  private int perSecond = 1_000;

  @Option(names = "--limit", paramLabel = "N", description = "at most so many")
  private @Nullable Long limit;

  @Option(
      names = "--wait",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "wait until all were sent and decided on (the default), or only begin")
  private boolean wait = true;

  @Override
  public Integer call() throws InterruptedException {
    return server.talk(this::replay);
  }

  private int replay(LeatClient client) throws IOException, InterruptedException {
    byte[] body = body();
    Reply reply =
        client.post(
            PATH, "application/json", body, body.length, Map.of(), dryRun ? DRY_RUN : PATIENCE);
    if (dryRun) {
      return dry(reply.json(200));
    }
    Map<String, @Nullable Object> job = reply.json(202);
    return wait ? conclude(follow(client, job)) : begun(client, job);
  }

  private byte[] body() {
    return JsonText.bytes(
        json -> {
          json.beginObject()
              .field("filter", filter.values())
              .field("dryRun", dryRun)
              .field("perSecond", perSecond);
          if (patch != null) {
            json.field("patch", patch);
          }
          if (limit != null) {
            json.field("limit", limit);
          }
          json.endObject();
        });
  }

  private int dry(Map<String, @Nullable Object> answer) {
    if (format.isJson()) {
      format.printJson(answer);
      return 0;
    }
    List<List<Object>> rows = new ArrayList<>();
    for (Object outcome : Json.asList(answer.get("outcomes"))) {
      Map<String, @Nullable Object> members = Json.asObject(outcome);
      List<Object> row = new ArrayList<>();
      for (String name : COLUMNS) {
        Object value = members.get(name);
        row.add(value instanceof Number number ? number : Objects.toString(value, ""));
      }
      rows.add(row);
    }
    Table.of(COLUMNS, rows).print(format.out());
    format.out().printf("%,d dead letters match; nothing was sent.%n", number(answer, "matched"));
    format.out().flush();
    return 0;
  }

  private int begun(LeatClient client, Map<String, @Nullable Object> job) {
    if (format.isJson()) {
      format.printJson(job);
    } else {
      format
          .out()
          .printf(
              "replay %s has begun, %,d dead letters match: %s%n",
              job.get("id"),
              number(job, "matched"),
              client.base().resolve(String.valueOf(job.get("url"))));
      format.out().flush();
    }
    return 0;
  }

  /** Watches the job until it has ended. */
  private Map<String, @Nullable Object> follow(
      LeatClient client, Map<String, @Nullable Object> begun) throws InterruptedException {
    Progress progress = new Progress(format.err(), InstantSource.system());
    String url = String.valueOf(begun.get("url"));
    try {
      Map<String, @Nullable Object> job = begun;
      while ("running".equals(job.get("state"))) {
        if (progress.isDue()) {
          progress.show(fraction(job), counts(job));
        }
        Thread.sleep(POLL);
        job = client.get(url, PATIENCE).json(200);
      }
      return job;
    } catch (IOException away) {
      throw new CommandFailure(
          "lost sight of the replay, which goes on if the server does (%s): %s"
              .formatted(client.base().resolve(url), away.getMessage()),
          away);
    } finally {
      progress.clear();
    }
  }

  private int conclude(Map<String, @Nullable Object> job) {
    Object state = job.get("state");
    if (format.isJson()) {
      format.printJson(job);
    } else {
      Object detail = job.get("detail");
      format
          .out()
          .printf(
              "replay %s is %s: %s%s%n",
              job.get("id"),
              state,
              counts(job),
              detail == null || detail.equals("") ? "" : "\n" + detail);
      format.out().flush();
    }
    return "done".equals(state) && number(job, "failedAgain") == 0 ? 0 : 1;
  }

  private double fraction(Map<String, @Nullable Object> job) {
    long matched = number(job, "matched");
    long all = limit == null ? matched : Math.min(matched, limit);
    return all == 0 ? -1 : (double) number(job, "sent") / all;
  }

  private static String counts(Map<String, @Nullable Object> job) {
    return "%,d matched, %,d sent, %,d stored, %,d failed again, %,d duplicates or filtered"
        .formatted(
            number(job, "matched"),
            number(job, "sent"),
            number(job, "stored"),
            number(job, "failedAgain"),
            number(job, "other"));
  }

  private static long number(Map<String, @Nullable Object> object, String name) {
    return Json.asLong(object.get(name), 0);
  }
}
