package dev.leat.query;

import dev.leat.event.Replay;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code POST /v1/dead-letters/replay}. For one body. */
final class ReplayRequest {
  private static final List<String> KNOWN =
      List.of("filter", "dryRun", "patch", "perSecond", "limit");
  private static final String EXAMPLE = "{\"filter\": {\"stream\": \"orders\"}, \"dryRun\": true}";
  private static final int DEFAULT_PER_SECOND = 1_000;

  private final JsonBody body;
  private final Instant now;
  private Replay.Filter filter = Replay.Filter.ALL;
  private boolean dryRun;
  private @Nullable String patch;
  private int perSecond = DEFAULT_PER_SECOND;
  private long limit = Long.MAX_VALUE;

  private ReplayRequest(JsonBody body, Instant now) {
    this.body = body;
    this.now = now;
  }

  static Replay.Request parse(byte[] body, Instant now) {
    ReplayRequest request = new ReplayRequest(new JsonBody(body), now);
    request.body.document(EXAMPLE, KNOWN, request::member);
    return new Replay.Request(
        request.filter, request.dryRun, request.patch, request.perSecond, request.limit);
  }

  private boolean member(String name) {
    switch (name) {
      case "filter" -> filter = DeadLetterFilter.of(body, now);
      case "dryRun" -> dryRun = body.flag();
      case "patch" -> patch = notBlank(body.string());
      case "perSecond" -> perSecond = rate(body.count());
      case "limit" -> limit = atLeastOne(body.count());
      default -> {
        return false;
      }
    }
    return true;
  }

  private static String notBlank(String patch) {
    if (patch.isBlank()) {
      throw JsonBody.invalid("patch must be an expression, but is empty");
    }
    return patch;
  }

  private static int rate(long perSecond) {
    if (perSecond > Integer.MAX_VALUE) {
      throw JsonBody.invalid(
          "perSecond may be at most %d, not %d; 0 is no limit"
              .formatted(Integer.MAX_VALUE, perSecond));
    }
    return (int) perSecond;
  }

  private static long atLeastOne(long limit) {
    if (limit == 0) {
      throw JsonBody.invalid("limit must be at least 1; without it there is none");
    }
    return limit;
  }
}
