package dev.leat.engine;

import dev.leat.engine.MixJson.Num;
import dev.leat.event.DataFormat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Draws events that a {@link MixDefinition} does everything with that it knows: good ones, copies,
 * broken ones of each kind, corrections, states of entities.
 */
final class RandomMix {
  private static final int RECENT = 40;

  private final RandomGenerator chance;
  private final List<MixEvent> recent = new ArrayList<>();
  private long received = 1_700_000_000_000_000L;
  private long drawn;

  RandomMix(RandomGenerator chance) {
    this.chance = chance;
  }

  MixEvent draw() {
    MixEvent event = one(8) && !recent.isEmpty() ? again() : fresh();
    recent.add(event);
    if (recent.size() > RECENT) {
      recent.removeFirst();
    }
    return event;
  }

  /** What is sent in the place of a dead letter: the same, or with other data. */
  MixEvent repaired(MixEvent letter) {
    MixEvent now = letter.receivedAt(time());
    return one(3) ? now : now.with(fresh(letter.type()));
  }

  private MixEvent again() {
    MixEvent before = pick(recent);
    if (one(3)) {
      MixEvent other = fresh(one(2) ? before.type() : pick(TYPES));
      return new MixEvent(
          other.type(),
          before.source(),
          before.id(),
          other.subject(),
          other.key(),
          other.attributes(),
          other.format(),
          other.text(),
          other.data(),
          time());
    }
    return before.receivedAt(time());
  }

  private static final List<String> TYPES =
      List.of("order", "order", "order", "order", "door", "step.up", "step", "note", "note", "x");

  private MixEvent fresh() {
    return fresh(pick(TYPES));
  }

  private MixEvent fresh(String type) {
    String source = one(15) ? "/blocked" : "/s/" + chance.nextInt(3);
    String id = one(4) ? "id-" + chance.nextInt(20) : "é" + drawn++;
    Map<String, String> attributes = attributes(source);
    Object data =
        switch (type) {
          case "order" -> order();
          case "door" -> object("version", version(), "x", any(2));
          case "step", "step.up" -> step();
          case "note" -> note();
          default -> one(6) ? any(2) : object("v", any(3), "w", any(1), "V2", integer());
        };
    DataFormat format = DataFormat.JSON;
    String text = MixJson.write(data, chance);
    if (one(20)) {
      format = pick(List.of(DataFormat.NONE, DataFormat.TEXT, DataFormat.BINARY));
      text = format == DataFormat.NONE ? "" : pick(List.of("", "{\"amount\":1", "{}", "grün"));
    }
    return new MixEvent(
        type,
        source,
        id,
        one(3) ? null : pick(List.of("", "gate-1", "gate-2", "Tür", "gate-3")),
        one(4) ? pick(List.of("", "k1", "k2")) : null,
        attributes,
        format,
        text,
        format == DataFormat.JSON ? data : null,
        time());
  }

  private Map<String, String> attributes(String source) {
    Map<String, String> attributes = new LinkedHashMap<>();
    if (one(12)) {
      attributes.put("test", "yes");
    }
    if (one(5) && !recent.isEmpty()) {
      MixEvent target = pick(recent);
      attributes.put("corrects", one(6) || !target.source().equals(source) ? any() : target.id());
      if (!one(12)) {
        attributes.put("correction", pick(List.of("retract", "replace", "replace", "undo", "")));
      }
    } else if (one(30)) {
      attributes.put("correction", "retract");
    }
    if (one(10)) {
      attributes.put("expectedversion", pick(List.of("none", "1", "2", "3", "")));
    }
    if (one(10)) {
      attributes.put("traceparent", "a\"b\\ü\n");
    }
    return attributes;
  }

  private String any() {
    return "id-" + chance.nextInt(20);
  }

  private Object order() {
    if (one(40)) {
      return any(2);
    }
    Map<String, Object> order = new LinkedHashMap<>();
    put(order, 40, "amount", one(20) ? odd() : number("1", "50", "51", "7.0", "1e2", "999", "0"));
    put(order, 40, "total", one(20) ? odd() : number("0", "1.5", "499.99", "500", "7e2", "1200"));
    put(order, 20, "kind", one(20) ? odd() : pick(List.of("web", "app", "web", "app", "robot")));
    put(order, 4, "city", one(20) ? odd() : pick(List.of("LAS", "Ö", "", "NIL", "XXX", "😀😀😀")));
    put(order, 25, "rate", one(20) ? odd() : number("1", "2", "100", "1", "2", "3", "-0"));
    if (one(3)) {
      put(
          order,
          1,
          "note",
          one(10) ? odd() : pick(List.of("", "four", "fünf5", "😀😀😀😀", "a\nb")));
    }
    if (one(3)) {
      put(order, 1, "parts", one(10) ? odd() : number("1", "25", "26", "0", "5.0", "-1", "2e1"));
    }
    if (one(4)) {
      put(order, 1, "soft", one(10) ? odd() : number("10", "11", "1e1", "-3"));
    }
    if (one(3)) {
      put(order, 1, "spot", one(10) ? odd() : spot());
    }
    if (one(4)) {
      put(
          order,
          1,
          "tags",
          one(10) ? odd() : List.of("a", number("1", "2.0")).subList(0, chance.nextInt(3)));
    }
    if (one(3)) {
      put(order, 1, pick(List.of("more", "other", "Amount", "cry", "twice")), any(2));
    }
    if (one(10)) {
      put(order, 1, pick(List.of("place", "tariff")), object("name", any(1), "rate", any(1)));
    }
    return shuffled(order);
  }

  private Object spot() {
    Map<String, Object> spot = new LinkedHashMap<>();
    put(spot, 20, "lat", one(15) ? odd() : number("-90", "0", "90.0", "1e1", "36.08", "91"));
    if (one(2)) {
      put(spot, 1, "deep", one(4) ? object("on", any(1)) : object("on", one(2)));
    }
    if (one(4)) {
      put(spot, 1, "extra", any(1));
    }
    return spot;
  }

  private Object step() {
    Map<String, Object> step = new LinkedHashMap<>();
    put(step, 20, "who", pick(List.of("ann", "", "ü", new Num("7"), "7", new Num("1.5"), true)));
    put(step, 20, "version", version());
    if (one(8)) {
      put(step, 1, "rude", one(2) ? MixJson.NULL : true);
    }
    return shuffled(step);
  }

  private Object version() {
    return one(15)
        ? pick(
            List.of(
                (Object) "x",
                MixJson.NULL,
                new Num("2.0"),
                new Num("1e1"),
                new Num("1.5"),
                new Num("9223372036854775807"),
                new Num("9223372036854775808"),
                true))
        : new Num(Integer.toString(chance.nextInt(7)));
  }

  private Object note() {
    Map<String, Object> note = new LinkedHashMap<>();
    put(note, 20, "level", one(10) ? odd() : number("3", "4", "5", "2", "7", "2.5", "9"));
    if (one(2)) {
      put(note, 1, "text", one(8) ? any(2) : pick(List.of("", "sevens7", "eight888", "😀😀😀😀")));
    }
    if (one(4)) {
      put(note, 1, pick(List.of("twice", "deep", "Level")), any(3));
    }
    return shuffled(note);
  }

  /** A value that is seldom the right one. */
  private Object odd() {
    return pick(
        List.of(
            MixJson.NULL,
            "text",
            "",
            true,
            new Num("-1"),
            new Num("1.5"),
            new Num("1e30"),
            new Num("9007199254740993"),
            new Num("9223372036854775807"),
            new Num("9223372036854775808"),
            new Num("123456789012345678901234567890"),
            new Num("1.0000000000000000000001"),
            new Num("1e-7"),
            new Num("1.0"),
            new Num("1e2"),
            new Num("100.00"),
            new Num("-0.0"),
            List.of(),
            List.of(true, MixJson.NULL, "x"),
            Map.of()));
  }

  private Object any(int depth) {
    if (depth > 0 && one(4)) {
      return one(3)
          ? new ArrayList<>(List.of(any(depth - 1), any(depth - 1)))
          : object("a", any(depth - 1), "b", any(depth - 1));
    }
    return one(2) ? odd() : one(2) ? integer() : pick(List.of("text", "ü\u0001\"\\", ""));
  }

  private Num integer() {
    return new Num(Integer.toString(chance.nextInt(100)));
  }

  private Num number(String... spellings) {
    return new Num(spellings[chance.nextInt(spellings.length)]);
  }

  private static Map<String, Object> object(Object... members) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < members.length; i += 2) {
      object.put((String) members[i], members[i + 1]);
    }
    return object;
  }

  /** Puts the member into the object, but for one time of so many. */
  private void put(Map<String, Object> object, int missing, String name, Object value) {
    if (missing == 1 || !one(missing)) {
      object.put(name, value);
    }
  }

  private Map<String, Object> shuffled(Map<String, Object> object) {
    if (!one(4)) {
      return object;
    }
    List<String> names = new ArrayList<>(object.keySet());
    Collections.shuffle(names, java.util.Random.from(chance));
    Map<String, Object> shuffled = new LinkedHashMap<>();
    names.forEach(name -> shuffled.put(name, java.util.Objects.requireNonNull(object.get(name))));
    return shuffled;
  }

  /** Mostly a little later than before, at times much, at times earlier. */
  private long time() {
    int drawnTime = chance.nextInt(100);
    if (drawnTime < 60) {
      received += chance.nextInt(1_000_000);
    } else if (drawnTime < 85) {
      received += chance.nextInt(10_000_000);
    } else if (drawnTime < 90) {
      received += 20_000_000L + chance.nextInt(200_000_000);
    } else {
      return received - chance.nextInt(60_000_000);
    }
    return received;
  }

  private boolean one(int of) {
    return chance.nextInt(of) == 0;
  }

  private <T> T pick(List<T> from) {
    return from.get(chance.nextInt(from.size()));
  }
}
