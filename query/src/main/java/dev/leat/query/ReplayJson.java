package dev.leat.query;

import dev.leat.event.Replay;
import dev.leat.event.Replay.Job;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How jobs and dry runs are told. */
final class ReplayJson {
  static final String PATH = "/v1/dead-letters/replay";

  private ReplayJson() {}

  /** Where a job is found. */
  static String url(Job job) {
    return PATH + "/" + job.id();
  }

  static void job(JsonWriter json, Job job) throws IOException {
    json.beginObject()
        .field("id", Long.toString(job.id()))
        .field("url", url(job))
        .field("state", job.state().name().toLowerCase(Locale.ROOT))
        .field("matched", job.matched())
        .field("sent", job.sent())
        .field("stored", job.stored())
        .field("failedAgain", job.failedAgain())
        .field("other", job.other())
        .field("detail", job.detail())
        .name("request");
    request(json, job.request());
    json.endObject();
  }

  static void dry(JsonWriter json, Replay.Answer.Dry dry) throws IOException {
    json.beginObject()
        .field("dryRun", true)
        .field("matched", dry.matched())
        .name("outcomes")
        .beginArray();
    for (Replay.Outcome outcome : dry.outcomes()) {
      json.beginObject()
          .field("verdict", outcome.verdict())
          .field("stream", outcome.stream())
          .field("reason", outcome.reason())
          .field("count", outcome.count())
          .field("sample", outcome.sample())
          .endObject();
    }
    json.endArray().endObject();
  }

  /** As it can be sent again. */
  private static void request(JsonWriter json, Replay.Request request) throws IOException {
    json.beginObject().name("filter");
    filter(json, request.filter());
    json.field("dryRun", request.dryRun());
    optional(json, "patch", request.patch());
    json.field("perSecond", request.perSecond());
    if (request.limit() != Long.MAX_VALUE) {
      json.field("limit", request.limit());
    }
    json.endObject();
  }

  private static void filter(JsonWriter json, Replay.Filter filter) throws IOException {
    json.beginObject();
    optional(json, "stream", filter.stream());
    optional(json, "stage", filter.stage());
    optional(json, "reason", filter.reason());
    optional(json, "rule", filter.rule());
    optional(json, "pointer", filter.pointer());
    optional(json, "source", filter.source());
    optional(json, "id", filter.id());
    optional(json, "after", filter.after() == null ? null : Times.ofMicros(filter.after()));
    optional(json, "before", filter.before() == null ? null : Times.ofMicros(filter.before()));
    optional(json, "offset", filter.offset() == null ? null : filter.offset().toString());
    optional(json, "maxAttempt", filter.maxAttempt());
    json.endObject();
  }

  private static void optional(JsonWriter json, String name, @Nullable Object value)
      throws IOException {
    if (value != null) {
      json.field(name, value);
    }
  }
}
