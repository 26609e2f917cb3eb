package dev.leat.pipeline;

import dev.leat.event.SystemTable;
import dev.leat.event.TableSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stream as the definition says it: which events it takes and what happens to them on the way
 * into the table of the same name. Expressions and paths are text here; whether they mean something
 * is for the plan that is made of the definition. Immutable.
 *
 * @param match the CEL expression over the envelope that says which events it takes; null for the
 *     stream {@code events} alone, which takes what no other does
 * @param key the path to the value that orders its events and spreads them over the shards; null
 *     for the key the event came with
 * @param schema the path of the file with the JSON Schema of the data, as written; null for none
 * @param dedup how long an id is remembered; zero if copies are not looked for
 * @param enrich in the order in which the steps run
 * @param entity what the events are states of; null if they are not
 * @param raw when the data is kept as it was sent
 * @param retention null for ever
 * @param time how the time of its events is judged, for metrics
 */
public record StreamSpec(
    String name,
    @Nullable String match,
    @Nullable String key,
    @Nullable String schema,
    List<Rule> rules,
    Duration dedup,
    List<Step> enrich,
    @Nullable Entity entity,
    Raw raw,
    @Nullable Retention retention,
    Time time) {
  /** The stream that takes what no other does. */
  public static final String CATCH_ALL = "events";

  public static final Duration DEFAULT_DEDUP = Duration.ofDays(1);

  public StreamSpec {
    if (!TableSpec.isName(name)) {
      throw new IllegalArgumentException("expected %s, found '%s'".formatted(Names.TABLE, name));
    }
    if (SystemTable.isReserved(name)) {
      throw new IllegalArgumentException(reserved(name));
    }
    if (name.equals(CATCH_ALL) != (match == null)) {
      throw new IllegalArgumentException(match == null ? "'match' is missing" : needless());
    }
    if (match != null) {
      Names.requireText("match", match);
    }
    if (key != null) {
      Names.requirePath("key", key);
    }
    if (schema != null) {
      Names.requireText("schema", schema);
    }
    if (dedup.isNegative()) {
      throw new IllegalArgumentException("the window of dedup is negative");
    }
    rules = List.copyOf(rules);
    enrich = List.copyOf(enrich);
    Set<String> names = new HashSet<>();
    for (Rule rule : rules) {
      if (!names.add(rule.name())) {
        throw new IllegalArgumentException(
            "two rules of stream '%s' are called '%s'".formatted(name, rule.name()));
      }
    }
  }

  /** The stream for what no other takes, as it is without a word in the definition. */
  public static StreamSpec catchAll() {
    return new StreamSpec(
        CATCH_ALL,
        null,
        null,
        null,
        List.of(),
        DEFAULT_DEDUP,
        List.of(),
        null,
        Raw.NEEDED,
        null,
        Time.DEFAULT);
  }

  public boolean isCatchAll() {
    return match == null;
  }

  static String reserved(String name) {
    return "'%s' is a name that Leat keeps for itself".formatted(name);
  }

  static String needless() {
    return "stream '%s' takes what no other stream does and has no match".formatted(CATCH_ALL);
  }

  /**
   * How the time that events say they happened at is judged. The watermark is how far it has come.
   *
   * @param disorder how far the watermark stays behind the latest time, so that events that
   *     overtook each other are not late
   * @param idle after such a silence of the stream the watermark goes on at the pace of the clock
   * @param ahead an event whose time is further than this after its reception does not move the
   *     watermark and waits for a recomputation
   */
  public record Time(Duration disorder, Duration idle, Duration ahead) {
    public static final Time DEFAULT =
        new Time(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(10));

    public Time {
      if (disorder.isNegative() || ahead.isNegative() || !idle.isPositive()) {
        throw new IllegalArgumentException(
            "disorder and ahead are not negative, and idle is longer than nothing");
      }
    }
  }

  /** When the data of an event is kept as it was sent, byte for byte, beside its columns. */
  public enum Raw {
    /** Where the columns don't say all of it; always without a schema. */
    NEEDED,
    ALWAYS
  }

  /** What becomes of an event that breaks a rule. */
  public enum Otherwise {
    /** It becomes a dead letter. */
    DEAD_LETTER,
    /** It is left out on purpose, and counted. */
    DROP,
    /** It is stored, and says so. */
    FLAG
  }

  /**
   * Something that is to be true for the events of a stream.
   *
   * @param check a CEL expression over envelope and data
   */
  public record Rule(String name, String check, Otherwise otherwise) {
    public Rule {
      Names.requireName("name", name);
      Names.requireText("check", check);
    }
  }

  /** Which version of an entity takes the place of the one before. */
  public enum Order {
    /** One that is greater. */
    NEWER,
    /** The one that is greater by one. */
    NEXT
  }

  /**
   * What the events of a stream are states of.
   *
   * @param key the path to what names the entity
   * @param version the path to the whole number that says which state it is
   */
  public record Entity(String key, String version, Order order) {
    public Entity {
      Names.requirePath("key", key);
      Names.requirePath("version", version);
    }
  }

  /**
   * How long what a stream yields is kept, counted from when its events were received; null for
   * ever. At least one of them is set.
   *
   * @param raw the rows
   * @param minute results of metrics for windows shorter than an hour
   * @param hour results of metrics for windows of an hour and more
   * @param day results of metrics for windows of a day and more
   */
  public record Retention(
      @Nullable Duration raw,
      @Nullable Duration minute,
      @Nullable Duration hour,
      @Nullable Duration day) {
    public Retention {
      if (raw == null && minute == null && hour == null && day == null) {
        throw new IllegalArgumentException("a retention says for what");
      }
      check(raw);
      check(minute);
      check(hour);
      check(day);
    }

    private static void check(@Nullable Duration duration) {
      if (duration != null && !duration.isPositive()) {
        throw new IllegalArgumentException("a retention is longer than nothing");
      }
    }
  }
}
