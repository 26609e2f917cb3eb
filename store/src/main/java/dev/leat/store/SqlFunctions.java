package dev.leat.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What is known of the functions that a statement may call: {@code functions.txt} lists them. */
final class SqlFunctions {
  private static final Map<String, Set<String>> SECTIONS = read();

  /** Their value depends on when they are called, or on chance. */
  private static final Set<String> VOLATILE =
      Set.of(
          "ago",
          "current_date",
          "current_localtime",
          "current_localtimestamp",
          "gen_random_uuid",
          "get_current_time",
          "get_current_timestamp",
          "now",
          "random",
          "reservoir_quantile",
          "today",
          "transaction_timestamp",
          "uuid");

  /** Words that SQL knows for the time, where no column is called so. */
  private static final Set<String> TIME_WORDS =
      Set.of("current_date", "current_time", "current_timestamp", "localtime", "localtimestamp");

  /** Macros with an aggregate in them. */
  private static final Set<String> AGGREGATE_MACROS =
      Set.of(
          "geomean",
          "geometric_mean",
          "json_group_array",
          "json_group_object",
          "json_group_structure",
          "wavg",
          "weighted_avg");

  private SqlFunctions() {}

  static boolean isAllowed(String name) {
    String lower = lower(name);
    return SECTIONS.values().stream().anyMatch(section -> section.contains(lower))
        || isOperator(name);
  }

  static boolean isOperator(String name) {
    return name.chars().noneMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '"');
  }

  /** Whether it makes one value of many rows. */
  static boolean isAggregate(String name) {
    String lower = lower(name);
    return SECTIONS.getOrDefault("aggregate", Set.of()).contains(lower)
        || AGGREGATE_MACROS.contains(lower);
  }

  /** Whether a node of a statement's tree has another value at another time. */
  static boolean isVolatile(Map<?, ?> node) {
    if ("COLUMN_REF".equals(node.get("type"))) {
      return node.get("column_names") instanceof List<?> names
          && names.size() == 1
          && TIME_WORDS.contains(lower(String.valueOf(names.getFirst())));
    }
    if (!(node.get("function_name") instanceof String name)) {
      return false;
    }
    boolean ageOfNow =
        lower(name).equals("age")
            && node.get("children") instanceof List<?> arguments
            && arguments.size() == 1;
    return ageOfNow || VOLATILE.contains(lower(name));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** By the heading, a line of one word, that they stand under. */
  private static Map<String, Set<String>> read() {
    Map<String, Set<String>> sections = new HashMap<>();
    String section = "";
    for (String line : text().lines().toList()) {
      if (line.startsWith("#")) {
        section = line.substring(1).strip();
      } else {
        Set<String> names = sections.computeIfAbsent(section, _ -> new HashSet<>());
        for (String name : line.split(" ", -1)) {
          if (!name.isEmpty()) {
            names.add(name);
          }
        }
      }
    }
    return sections;
  }

  private static String text() {
    try (InputStream list =
        Objects.requireNonNull(SqlFunctions.class.getResourceAsStream("functions.txt"))) {
      return new String(list.readAllBytes(), UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
