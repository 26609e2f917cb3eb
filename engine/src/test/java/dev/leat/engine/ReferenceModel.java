package dev.leat.engine;

import dev.leat.engine.MixJson.Num;
import dev.leat.event.Balance.Totals;
import dev.leat.event.DataFormat;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What should become of the events of a {@link RandomMix} under a {@link MixDefinition}, written
 * down once more from the references in plain maps and conditions: it knows nothing of the
 * pipeline.
 */
final class ReferenceModel {
  /** What became of each event, by its offset. */
  final TreeMap<Long, Fate> fates = new TreeMap<>();

  /** Rows that do not count any more, as "table offset how by". */
  final List<String> superseded = new ArrayList<>();

  /** Dead letters that were not sent again, by their offset. */
  final TreeMap<Long, Letter> open = new TreeMap<>();

  private final Map<String, long[]> counts = new HashMap<>();
  private final Map<String, Learned> seen = new HashMap<>();
  private final Map<String, Long> versions = new HashMap<>();
  private final Map<String, Long> corrected = new HashMap<>();
  private MixDefinition definition = MixDefinition.FIRST;
  private long version;
  private long now;
  private long controls;
  private long resent;

  /** A dead letter and how often it was tried. */
  record Letter(MixEvent event, String stream, int attempt) {}

  private record Learned(long offset, long at) {}

  /**
   * What became of an event.
   *
   * @param table where its row is
   * @param row what the table knows of it: for a stream the flags and what enrichment wrote
   */
  record Fate(String table, String stream, MixEvent event, Map<String, Object> row) {}

  MixDefinition definition() {
    return definition;
  }

  long version() {
    return version;
  }

  void control() {
    controls++;
  }

  /** A definition stands in the log. */
  void define(MixDefinition next) {
    control();
    if (version == 0 || next != definition) {
      version++;
      definition = next;
    }
  }

  /**
   * An event stands in the log.
   *
   * @param deadLetter the offset of the dead letter that it is once more; -1 if a producer sent it
   */
  void event(long offset, MixEvent event, long deadLetter) {
    now = Math.max(now, event.receivedMicros());
    int attempt = 1;
    if (deadLetter >= 0) {
      Letter letter = java.util.Objects.requireNonNull(open.remove(deadLetter));
      attempt = letter.attempt() + 1;
      count(letter.stream())[3]++;
      resent++;
      superseded.add("dead_letters %d replay %d".formatted(deadLetter, offset));
    }
    String stream = stream(event);
    Fate fate = decide(offset, event, stream, attempt);
    fates.put(offset, fate);
    switch (fate.table()) {
      case "dead_letters" -> {
        count(stream)[2]++;
        open.put(offset, new Letter(event, stream, attempt));
      }
      case "discarded" -> count(stream)[fate.row().containsKey("rule") ? 4 : 1]++;
      default -> count(stream)[0]++;
    }
  }

  private long[] count(String stream) {
    return counts.computeIfAbsent(stream, _ -> new long[5]);
  }

  Map<String, Totals> streams() {
    Map<String, Totals> streams = new HashMap<>();
    counts.forEach(
        (stream, of) ->
            streams.put(
                stream,
                new Totals(
                    of[0] + of[1] + of[2] - of[3] + of[4], of[0], of[1], of[2] - of[3], of[4], 0)));
    return streams;
  }

  /** Events that producers sent. */
  long accepted() {
    return fates.size() - resent;
  }

  long resent() {
    return resent;
  }

  long controls() {
    return controls;
  }

  private static String stream(MixEvent event) {
    if (event.type().equals("order") && !event.attributes().containsKey("test")) {
      return "orders";
    }
    if (event.type().equals("door") && !event.source().equals("/blocked")) {
      return "doors";
    }
    if (event.type().startsWith("step")) {
      return "steps";
    }
    return event.type().equals("note") ? "notes" : "events";
  }

  private long windowSeconds(String stream) {
    return switch (stream) {
      case "orders" -> definition.ordersWindow;
      case "steps" -> MixDefinition.STEPS_WINDOW;
      case "notes" -> definition.notesWindow;
      case "events" -> definition.eventsWindow;
      default -> 0;
    };
  }

  private Fate decide(long offset, MixEvent event, String stream, int attempt) {
    Trial trial = new Trial(offset, event, stream, attempt);
    Fate fate = trial.run();
    if (fate == null) {
      return trial.stored();
    }
    boolean producers = attempt == 1; // A dead letter that is sent again has another attempt.
    return fate.table().equals("dead_letters") && producers ? trial.letterOrCopy(fate) : fate;
  }

  /** The way of one event. */
  private final class Trial {
    private final long offset;
    private final MixEvent event;
    private final String stream;
    private final int attempt;
    private final List<String> flags = new ArrayList<>();
    private final Map<String, Object> row = new LinkedHashMap<>();
    private final @Nullable String corrects;
    private final @Nullable String how;
    private long target = -1;
    private @Nullable String entity;
    private long entityVersion;

    Trial(long offset, MixEvent event, String stream, int attempt) {
      this.offset = offset;
      this.event = event;
      this.stream = stream;
      this.attempt = attempt;
      this.corrects = event.attributes().get("corrects");
      this.how = event.attributes().get("correction");
    }

    @Nullable Fate run() {
      boolean retraction = corrects != null && "retract".equals(how);
      Fate fate = null;
      if (!retraction) {
        fate = stream.equals("orders") ? orderShape() : null;
        fate = fate == null ? rules() : fate;
      }
      fate = fate == null ? dedup() : fate;
      fate = fate == null ? correction() : fate;
      if (fate == null && !retraction) {
        fate = entity();
        fate = fate == null ? enrich() : fate;
      }
      return fate;
    }

    Fate stored() {
      if (windowSeconds(stream) > 0) {
        seen.put(seenKey(event.id()), new Learned(offset, now));
      }
      if (corrects != null) {
        corrected.put(stream + ' ' + target, offset);
        superseded.add("%s %d %s %d".formatted(stream, target, how, offset));
        if ("retract".equals(how)) {
          superseded.add("%s %d retraction %d".formatted(stream, offset, offset));
        }
      }
      if (entity != null) {
        versions.put(entity, entityVersion);
      }
      if (!flags.isEmpty()) {
        row.put("flags", String.join(",", flags));
      }
      return new Fate(stream, stream, event, row);
    }

    /** The same bytes again that became a dead letter before are a copy of it. */
    Fate letterOrCopy(Fate letter) {
      if (windowSeconds(stream) == 0) {
        return letter;
      }
      String as = event.id() + " as " + event.text();
      long first = known(as);
      if (first >= 0) {
        return copy(first);
      }
      seen.put(seenKey(as), new Learned(offset, now));
      return letter;
    }

    private Fate copy(long first) {
      return new Fate(
          "discarded",
          stream,
          event,
          Map.of("verdict", (Object) "duplicate", "first_offset", first));
    }

    private Fate dead(String stage, String reason, @Nullable String rule, @Nullable String at) {
      Map<String, Object> letter = new LinkedHashMap<>();
      letter.put("stage", stage);
      letter.put("reason", reason);
      if (rule != null) {
        letter.put("rule", rule);
      }
      if (at != null) {
        letter.put("pointer", at);
      }
      letter.put("attempt", (long) attempt);
      letter.put("definition_version", version);
      return new Fate("dead_letters", stream, event, letter);
    }

    private Fate broken(String rule, String otherwise) {
      return otherwise.equals("drop")
          ? new Fate(
              "discarded", stream, event, Map.of("verdict", (Object) "filtered", "rule", rule))
          : dead("rule", "rule-broken", rule, null);
    }

    private Fate failed(String rule) {
      return dead("rule", "rule-error", rule, null);
    }

    /** The data as an object; empty if it is none. */
    private Map<?, ?> data() {
      return event.data() instanceof Map<?, ?> object ? object : Map.of();
    }

    private @Nullable Object at(String member) {
      return data().get(member);
    }

    private @Nullable Fate orderShape() {
      if (event.format() != DataFormat.JSON) {
        return dead("decode", "not-json", null, "");
      }
      String broken = new OrderSchema(definition).broken(event.data());
      return broken == null
          ? null
          : dead(
              "schema",
              "schema-broken",
              broken.substring(0, broken.indexOf(' ')),
              broken.substring(broken.indexOf(' ') + 1));
    }

    private @Nullable Fate rules() {
      return switch (stream) {
        case "orders" -> orderRules();
        case "steps" -> {
          if (data().containsKey("rude")) {
            flags.add("polite");
          }
          yield null;
        }
        case "notes" -> noteRules();
        default -> null;
      };
    }

    private @Nullable Fate orderRules() {
      if (!(number("total").doubleValue() < definition.cheap)) {
        return broken("cheap", "dead-letter");
      }
      if (at("kind") == null) {
        return failed("real");
      }
      if ("robot".equals(at("kind"))) {
        return broken("real", "drop");
      }
      if (MixJson.NULL.equals(at("amount"))) {
        return failed("few");
      }
      if (number("amount").compareTo(BigDecimal.valueOf(50)) > 0) {
        flags.add("few");
      }
      Object note = at("note");
      if (MixJson.NULL.equals(note)) {
        return failed("short");
      }
      if (note instanceof String text && text.codePointCount(0, text.length()) >= 5) {
        flags.add("short");
      }
      if (at("parts") instanceof Num parts) {
        if (!parts.fitsLong() || parts.value().signum() == 0) {
          return failed("parts");
        }
        if (100 / parts.value().longValueExact() <= 3) {
          return broken("parts", "drop");
        }
      }
      if (definition.soft && at("soft") instanceof Num soft) {
        if (!soft.fitsLong()) {
          return failed("soft");
        }
        if (soft.value().longValueExact() <= 10) {
          flags.add("soft");
        }
      }
      return null;
    }

    private BigDecimal number(String member) {
      return ((Num) java.util.Objects.requireNonNull(at(member))).value();
    }

    private @Nullable Fate noteRules() {
      Object text = at("text");
      if (text != null) {
        Integer size =
            switch (text) {
              case String string -> (Integer) string.codePointCount(0, string.length());
              case List<?> list -> (Integer) list.size();
              case Map<?, ?> map -> (Integer) map.size();
              default -> null;
            };
        if (size == null) {
          return failed("brief");
        }
        if (size >= 8) {
          flags.add("brief");
        }
      }
      if (!(at("level") instanceof Num level)) {
        return failed("level");
      }
      return level.value().compareTo(BigDecimal.valueOf(definition.level)) > 0
          ? null
          : broken("level", "drop");
    }

    private String seenKey(String id) {
      return stream + ' ' + windowSeconds(stream) + ' ' + event.source() + ' ' + id;
    }

    private long known(String id) {
      Learned learned = windowSeconds(stream) == 0 ? null : seen.get(seenKey(id));
      if (learned == null) {
        return -1;
      }
      long d = Math.ceilDiv(windowSeconds(stream) * 1_000_000, 8L);
      return Math.floorDiv(now, d) - Math.floorDiv(learned.at(), d) <= 8 ? learned.offset() : -1;
    }

    private @Nullable Fate dedup() {
      long first = known(event.id());
      return first < 0 ? null : copy(first);
    }

    private @Nullable Fate correction() {
      if (corrects == null) {
        return null;
      }
      if (!"retract".equals(how) && !"replace".equals(how)) {
        return dead("correction", "correction-unknown", null, null);
      }
      target = known(corrects);
      if (target < 0) {
        return dead("correction", "target-unknown", null, null);
      }
      return corrected.containsKey(stream + ' ' + target)
          ? dead("correction", "already-corrected", null, null)
          : null;
    }

    private @Nullable Fate entity() {
      String key;
      boolean next = stream.equals("steps");
      if (stream.equals("doors")) {
        key = event.subject();
      } else if (next) {
        key = key(at("who"));
      } else {
        return null;
      }
      if (key == null) {
        return dead("entity", "key-missing", next ? "data.who" : "subject", null);
      }
      if (!(at("version") instanceof Num number) || !number.fitsLong()) {
        return dead("entity", "version-missing", "data.version", null);
      }
      long brought = number.value().longValueExact();
      String name = stream + ' ' + key;
      Long newest = versions.get(name);
      String expected = event.attributes().get("expectedversion");
      boolean fits =
          expected == null || expected.equals(newest == null ? "none" : newest.toString());
      boolean follows = newest == null || (next ? brought - 1 == newest : brought > newest);
      if (!fits || !follows) {
        return dead("entity", "version-conflict", "data.version", null);
      }
      entity = name;
      entityVersion = brought;
      return null;
    }

    /** The text, or the integer in decimal digits, as which 5.0 counts; anything else is no key. */
    private @Nullable String key(@Nullable Object value) {
      return switch (value) {
        case String text -> text;
        case Num number when number.plain() || number.fitsLong() ->
            number.value().toBigIntegerExact().toString();
        case null, default -> null;
      };
    }

    private @Nullable Fate enrich() {
      if (stream.equals("notes")) {
        return twiceTheLevel();
      }
      if (!stream.equals("orders")) {
        return null;
      }
      String city = key(at("city"));
      boolean found = city != null && MixDefinition.CITIES.containsKey(city);
      String name = found ? MixDefinition.CITIES.get(city) : null;
      if (found) {
        row.put("place.code", city);
        if (name != null) {
          row.put("place.name", name);
        }
      }
      String rate = key(at("rate"));
      Long known = null;
      for (Long each : MixDefinition.RATES.keySet()) {
        known = each.toString().equals(rate) ? each : known;
      }
      if (known == null) {
        return dead("enrich", "lookup-missing", "rates", "/rate");
      }
      row.put("tariff.rate", known);
      row.put("tariff.factor", java.util.Objects.requireNonNull(MixDefinition.RATES.get(known)));
      row.put("twice", number("amount").doubleValue() * 2);
      if (found && name == null) {
        return dead("enrich", "compute-error", "data.cry", null);
      }
      row.put("cry", found ? name + "!" : "none");
      return null;
    }

    private @Nullable Fate twiceTheLevel() {
      Num level = (Num) java.util.Objects.requireNonNull(at("level"));
      // Without a schema a number is an int if it is written like one, and a double has no int * 2.
      BigDecimal twice = level.value().multiply(BigDecimal.TWO);
      if (!level.plain() || !level.fitsLong() || !new Num(twice.toString()).fitsLong()) {
        return dead("enrich", "compute-error", "data.twice", null);
      }
      row.put("twice", twice.longValueExact());
      return null;
    }
  }
}
