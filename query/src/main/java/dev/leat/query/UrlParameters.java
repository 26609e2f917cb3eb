package dev.leat.query;

import io.helidon.common.uri.UriQuery;
import io.helidon.webserver.http.ServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands behind the question mark of a URL: only names that are known, each once. */
final class UrlParameters {
  private final Map<String, String> values = new HashMap<>();

  private UrlParameters() {}

  static UrlParameters of(ServerRequest request, List<String> known) {
    UriQuery query = request.query();
    UrlParameters parameters = new UrlParameters();
    for (String name : query.names()) {
      if (!known.contains(name)) {
        throw JsonBody.invalid(
            "Unknown parameter '%s'; known are %s".formatted(name, String.join(", ", known)));
      }
      List<String> given = query.all(name);
      if (given.size() != 1) {
        throw JsonBody.invalid("'%s' is there %d times".formatted(name, given.size()));
      }
      parameters.values.put(name, given.getFirst());
    }
    return parameters;
  }

  @Nullable String text(String name) {
    return values.get(name);
  }

  /** A number between bounds. */
  long count(String name, long otherwise, long least, long most) {
    String given = values.get(name);
    if (given == null) {
      return otherwise;
    }
    long count = JsonBody.count(name, given);
    if (count < least || count > most) {
      throw JsonBody.invalid(
          "%s must be from %d to %d, not %d".formatted(name, least, most, count));
    }
    return count;
  }

  boolean flag(String name) {
    String given = values.getOrDefault(name, "false");
    if (!given.equals("true") && !given.equals("false")) {
      throw JsonBody.invalid("%s must be true or false, not '%s'".formatted(name, given));
    }
    return given.equals("true");
  }

  /** The values of parameters that must be there and not be empty. */
  List<String> required(String... names) {
    List<String> missing =
        List.of(names).stream().filter(name -> values.getOrDefault(name, "").isEmpty()).toList();
    if (!missing.isEmpty()) {
      throw JsonBody.invalid(
          "The URL lacks %s; it should end in ?%s"
              .formatted(String.join(" and ", missing), String.join("=...&", names) + "=..."));
    }
    return List.of(names).stream().map(name -> values.getOrDefault(name, "")).toList();
  }
}
