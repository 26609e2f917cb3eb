package dev.leat.engine;

import dev.leat.engine.MixJson.Num;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The schema of {@link MixDefinition}'s orders as conditions. */
final class OrderSchema {
  private final MixDefinition definition;

  OrderSchema(MixDefinition definition) {
    this.definition = definition;
  }

  /** The first thing that is wrong, as "keyword pointer"; null if nothing is. */
  @Nullable String broken(@Nullable Object data) {
    if (!(data instanceof Map<?, ?> order)) {
      return "type ";
    }
    if (!order.containsKey("amount") || !order.containsKey("total")) {
      return "required ";
    }
    for (Map.Entry<?, ?> member : order.entrySet()) {
      String wrong = member((String) member.getKey(), member.getValue());
      if (wrong != null) {
        return wrong;
      }
    }
    return null;
  }

  private @Nullable String member(String name, Object value) {
    return switch (name) {
      case "amount" ->
          MixJson.NULL.equals(value)
              ? null
              : numeric("/amount", value, definition.wholeAmounts, "0", "1000000");
      case "total" -> numeric("/total", value, false, "0", null);
      case "kind" -> List.of("web", "app", "robot").contains(value) ? null : "enum /kind";
      case "city" -> {
        if (!(value instanceof String text)) {
          yield "type /city";
        }
        yield text.codePointCount(0, text.length()) > 4 ? "maxLength /city" : null;
      }
      case "rate", "parts" -> numeric('/' + name, value, true, null, null);
      case "soft" -> definition.soft ? numeric("/soft", value, true, null, null) : null;
      case "note" -> value instanceof String || MixJson.NULL.equals(value) ? null : "type /note";
      case "tags" -> {
        if (!(value instanceof List<?> tags)) {
          yield "type /tags";
        }
        yield tags.size() > 2 ? "maxItems /tags" : null;
      }
      case "spot" -> spot(value);
      default -> null;
    };
  }

  private static @Nullable String numeric(
      String at, Object value, boolean whole, @Nullable String least, @Nullable String most) {
    if (!(value instanceof Num number) || (whole && !number.whole())) {
      return "type " + at;
    }
    if (least != null && number.value().compareTo(new BigDecimal(least)) < 0) {
      return "minimum " + at;
    }
    return most != null && number.value().compareTo(new BigDecimal(most)) > 0
        ? "maximum " + at
        : null;
  }

  private static @Nullable String spot(Object value) {
    if (!(value instanceof Map<?, ?> spot)) {
      return "type /spot";
    }
    if (!spot.containsKey("lat")) {
      return "required /spot";
    }
    for (Map.Entry<?, ?> member : spot.entrySet()) {
      if (member.getKey().equals("lat")) {
        String wrong = numeric("/spot/lat", member.getValue(), false, "-90", "90");
        if (wrong != null) {
          return wrong;
        }
      } else if (member.getKey().equals("deep")) {
        if (!(member.getValue() instanceof Map<?, ?> deep)) {
          return "type /spot/deep";
        }
        if (deep.containsKey("on") && !(deep.get("on") instanceof Boolean)) {
          return "type /spot/deep/on";
        }
      }
    }
    return null;
  }
}
