package dev.leat.pipeline;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a step or lookup, as its kind reads them. Reading one that is wrong notes a
 * mistake with its place and yields the default, so that reading goes on. For one thread.
 */
public interface Settings {
  /** The text under a key; null if it is absent. */
  @Nullable String text(String key);

  /** The text under a key; its absence is a mistake, and yields something of no use. */
  String required(String key);

  /** A path such as {@code data.origin}; its absence is a mistake. */
  String path(String key);

  /** A path such as {@code data.origin} that begins at the data; its absence is a mistake. */
  String dataPath(String key);

  int integer(String key, int otherwise);

  double number(String key, double otherwise);

  boolean truth(String key, boolean otherwise);

  Duration duration(String key, Duration otherwise);

  /** The one of an enum's constants that is written, in lower case with hyphens. */
  <E extends Enum<E>> E choice(String key, E otherwise);

  /** A list of texts; empty if it is absent. */
  List<String> texts(String key);

  /** Notes that the value under a key is wrong in another way. */
  void mistake(String key, String message);

  /**
   * Settings as records keep them: text, whole numbers as Long, numbers as Double, truth values and
   * lists of text, in the order of their keys.
   *
   * @throws IllegalArgumentException if there is something else among them, or none for the kind
   */
  static Map<String, Object> copy(String kind, Map<String, Object> settings) {
    if (!settings.containsKey(kind)) {
      throw new IllegalArgumentException("no setting is called '%s'".formatted(kind));
    }
    TreeMap<String, Object> copy = new TreeMap<>();
    settings.forEach(
        (key, value) ->
            copy.put(
                Names.requireName("setting", key),
                switch (value) {
                  case String text -> text;
                  case Long whole -> whole;
                  case Double number -> number;
                  case Boolean truth -> truth;
                  case List<?> texts -> texts.stream().map(String.class::cast).toList();
                  default ->
                      throw new IllegalArgumentException(
                          "setting '%s' is a %s".formatted(key, value.getClass().getName()));
                }));
    return Collections.unmodifiableMap(copy);
  }
}
