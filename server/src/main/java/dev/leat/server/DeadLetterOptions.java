package dev.leat.server;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which dead letters a command is about. */
final class DeadLetterOptions {
  @Option(names = "--stream", description = "only those on their way to this stream")
  private @Nullable String stream;

  @Option(names = "--stage", description = "only those that failed in this stage")
  private @Nullable String stage;

  @Option(names = "--reason", description = "only those that failed for this reason")
  private @Nullable String reason;

  @Option(names = "--rule", description = "only those that broke this rule")
  private @Nullable String rule;

  @Option(
      names = "--pointer",
      description = "only those that failed at this place of the data, as /order/total")
  private @Nullable String pointer;

  @Option(names = "--source", description = "only events of this source")
  private @Nullable String source;

  @Option(names = "--id", description = "only events with this id")
  private @Nullable String id;

  @Option(
      names = "--after",
      paramLabel = "TIME",
      description = "only those received from this time on: RFC 3339, or -30m, -1h, -7d")
  private @Nullable String after;

  @Option(
      names = "--before",
      paramLabel = "TIME",
      description = "only those received before this time")
  private @Nullable String before;

  @Option(names = "--position", paramLabel = "N", description = "only the one at this position")
  private @Nullable Long position;

  @Option(
      names = "--max-attempt",
      paramLabel = "N",
      description = "only those that were sent at most so many times")
  private @Nullable Long maxAttempt;

  /** The names and values of the HTTP interface. */
  Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    put(values, "stream", stream);
    put(values, "stage", stage);
    put(values, "reason", reason);
    put(values, "rule", rule);
    put(values, "pointer", pointer);
    put(values, "source", source);
    put(values, "id", id);
    put(values, "after", after);
    put(values, "before", before);
    put(values, "offset", position);
    put(values, "maxAttempt", maxAttempt);
    return values;
  }

  QueryString query() {
    QueryString query = new QueryString();
    values().forEach(query::add);
    return query;
  }

  private static void put(Map<String, String> values, String name, @Nullable Object value) {
    if (value != null) {
      values.put(name, value.toString());
    }
  }
}
