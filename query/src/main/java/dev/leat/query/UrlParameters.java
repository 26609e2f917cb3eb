package dev.leat.query;

import io.helidon.common.uri.UriQuery;
import io.helidon.webserver.http.ServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the question mark of a URL: only names that are known, each once unless it may
 * come more often.
 */
final class UrlParameters {
  private final Map<String, List<String>> values = new HashMap<>();

  private UrlParameters() {}

  static UrlParameters of(ServerRequest request, List<String> known) {
    return of(request, known, List.of());
  }

  /**
   * The same.
   *
   * @param repeatable those of the known ones that may come more than once
   */
  static UrlParameters of(ServerRequest request, List<String> known, List<String> repeatable) {
    UriQuery query = request.query();
    UrlParameters parameters = new UrlParameters();
    for (String name : query.names()) {
      if (!known.contains(name)) {
        throw JsonBody.invalid(
            "Unknown parameter '%s'; known are %s".formatted(name, String.join(", ", known)));
      }
      List<String> given = query.all(name);
      if (given.size() != 1 && !repeatable.contains(name)) {
        throw JsonBody.invalid("'%s' is there %d times".formatted(name, given.size()));
      }
      parameters.values.put(name, List.copyOf(given));
    }
    return parameters;
  }

  @Nullable String text(String name) {
    List<String> given = values.get(name);
    return given == null ? null : given.getFirst();
  }

  /** All values of a parameter that may come more than once. */
  List<String> texts(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** A number between bounds. */
  long count(String name, long otherwise, long least, long most) {
    String given = text(name);
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
    String given = text(name, "false");
    if (!given.equals("true") && !given.equals("false")) {
      throw JsonBody.invalid("%s must be true or false, not '%s'".formatted(name, given));
    }
    return given.equals("true");
  }

  /** The values of parameters that must be there and not be empty. */
  List<String> required(String... names) {
    List<String> missing =
        List.of(names).stream().filter(name -> text(name, "").isEmpty()).toList();
    if (!missing.isEmpty()) {
      throw JsonBody.invalid(
          "The URL lacks %s; it should end in ?%s"
              .formatted(String.join(" and ", missing), String.join("=...&", names) + "=..."));
    }
    return List.of(names).stream().map(name -> text(name, "")).toList();
  }

  private String text(String name, String otherwise) {
    String given = text(name);
    return given == null ? otherwise : given;
  }
}
