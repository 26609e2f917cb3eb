package dev.leat.pipeline;

import dev.cel.common.exceptions.CelInvalidArgumentException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The functions {@code with} and {@code without} of expressions: copies of an object with one
 * member changed. Everything else in the copy is the very same value.
 */
final class Members {
  private Members() {}

  /** The names in {@code a.b.c}. */
  static List<String> path(Object text) {
    return checked(List.of(((String) text).split("\\.", -1)), text);
  }

  static List<String> names(Object list) {
    List<String> names = new ArrayList<>();
    for (Object name : (List<?>) list) {
      if (!(name instanceof String text)) {
        throw wrong("a path is made of names, not of %s".formatted(ValueText.describe(name)));
      }
      names.add(text);
    }
    return checked(names, list);
  }

  private static List<String> checked(List<String> names, Object path) {
    if (names.isEmpty() || names.contains("")) {
      throw wrong("'%s' is no path to a member".formatted(path));
    }
    if (names.size() > DataWriter.MAX_DEPTH) {
      throw wrong("a path has at most %d names".formatted(DataWriter.MAX_DEPTH));
    }
    return names;
  }

  /** The object with the member set; objects on the way to it are made where they are missing. */
  static DataMap with(Object object, List<String> path, Object value) {
    SequencedMap<String, Object> copy = copy(object);
    String name = path.getFirst();
    if (path.size() == 1) {
      copy.put(name, value);
    } else {
      Object inner = copy.getOrDefault(name, Map.of());
      copy.put(name, with(object(inner, name), path.subList(1, path.size()), value));
    }
    return new DataMap(copy);
  }

  /** The object without the member; the object itself if it has none. */
  static Object without(Object object, List<String> path) {
    String name = path.getFirst();
    if (!((Map<?, ?>) object).containsKey(name)) {
      return object;
    }
    SequencedMap<String, Object> copy = copy(object);
    if (path.size() == 1) {
      copy.remove(name);
    } else {
      Object inner = object(copy.getOrDefault(name, Map.of()), name);
      copy.put(name, without(inner, path.subList(1, path.size())));
    }
    return new DataMap(copy);
  }

  private static Object object(Object value, String name) {
    if (value instanceof Map) {
      return value;
    }
    throw wrong("'%s' is %s, so it has no members".formatted(name, ValueText.describe(value)));
  }

  private static SequencedMap<String, Object> copy(Object object) {
    LinkedHashMap<String, Object> copy = new LinkedHashMap<>();
    ((Map<?, ?>) object)
        .forEach(
            (name, value) -> {
              if (!(name instanceof String text)) {
                throw wrong("a member has a name, not " + ValueText.describe(name));
              }
              copy.put(text, value);
            });
    return copy;
  }

  private static CelInvalidArgumentException wrong(String message) {
    return new CelInvalidArgumentException(message);
  }
}
