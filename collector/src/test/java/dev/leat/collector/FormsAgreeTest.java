package dev.leat.collector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random events are the same to the log in whichever form they come, and whatever stands around
 * them.
 */
final class FormsAgreeTest {
  private static final long SEED = 1_733;
  private static final int EVENTS = 400;
  private static final String[] TEXTS = {
    "a",
    "id-1",
    "é",
    "€ x",
    "漢字",
    "😀",
    "quo\"te",
    "back\\slash",
    "100%",
    "a/b?c=d",
    "%41",
    " lead",
    "{}",
    "\"q\""
  };
  private static final String[] URIS = {
    "/s", "urn:x:y", "http://h/p?q=%C3%A9#f", "s", "mailto:a@b.c", "//h"
  };
  private static final String[] TIMES = {
    "2020-02-29T12:00:00Z",
    "1969-12-31T23:59:59.999999+05:30",
    "0001-01-01t00:00:00z",
    "2016-12-31T23:59:60Z"
  };
  private static final String[] JSONS = {
    "{\"a\":[1,2.50,{\"b\":null}]}",
    "\"text\"",
    "[ ]",
    "-0.0e+7",
    "true",
    "null",
    "{\"é\":\"\\u00e9\\n\"}"
  };

  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void allFormsGiveTheSameEvent() {
    try (Door door = new Door()) {
      for (int i = 0; i < EVENTS; i++) {
        check(door, i);
      }
    }
  }

  private void check(Door door, int number) {
    door.log.forget();
    Map<String, String> attributes = attributes();
    int payload = random.nextInt(3);
    String data = payload == 0 ? JSONS[random.nextInt(JSONS.length)] : text() + text();
    attributes.put(
        "datacontenttype",
        payload == 0 ? "application/json" : payload == 1 ? "text/plain" : "text/plain; charset=x");
    boolean other = payload == 2;
    String json = other ? "{}" : json(attributes, payload == 0 ? data : quoted(data));
    if (!other) {
      post(door, "application/cloudevents+json", json);
      post(door, "application/cloudevents-batch+json", "[" + json + "\n, " + json + "]");
      post(door, "application/x-ndjson", json + "\n" + json);
      post(door, "application/json", " " + json);
    }
    binary(door, attributes, data);
    List<SeenEvent> events = door.log.events();
    assertEquals(other ? 1 : 7, events.size());
    for (SeenEvent event : events) {
      assertEquals(
          events.getFirst(), event, () -> "seed " + SEED + ", event " + number + ": " + json);
      assertEquals(data, event.data());
    }
  }

  private Map<String, String> attributes() {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("id", text());
    attributes.put("source", URIS[random.nextInt(URIS.length)]);
    attributes.put("type", text());
    maybe(attributes, "subject", text());
    maybe(attributes, "partitionkey", text());
    maybe(attributes, "time", TIMES[random.nextInt(TIMES.length)]);
    maybe(attributes, "sampledrate", Integer.toString(random.nextInt(1, 100)));
    maybe(attributes, "dataschema", URIS[random.nextInt(URIS.length)]);
    maybe(attributes, "ext1", text());
    maybe(attributes, "traceparent", text());
    return attributes;
  }

  private void maybe(Map<String, String> attributes, String name, String value) {
    if (random.nextBoolean()) {
      attributes.put(name, value);
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int count = random.nextInt(1, 4); count > 0; count--) {
      text.append(TEXTS[random.nextInt(TEXTS.length)]);
    }
    return text.toString();
  }

  /** The event as JSON, its members in any order, some characters escaped that need not be. */
  private String json(Map<String, String> attributes, String data) {
    List<String> members = new ArrayList<>();
    attributes.forEach((name, value) -> members.add(member(name, value)));
    members.add("\"data\":" + data);
    StringBuilder json = new StringBuilder();
    while (!members.isEmpty()) {
      json.append(json.isEmpty() ? "{" : ",")
          .append(members.remove(random.nextInt(members.size())));
    }
    return json.append('}').toString();
  }

  private String member(String name, String value) {
    return quoted(name)
        + (random.nextBoolean() ? ": " : ":")
        + (name.equals("sampledrate") ? value : quoted(value));
  }

  private String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      boolean surrogate = Character.isSurrogate(c);
      if (surrogate || (c != '"' && c != '\\' && random.nextInt(8) > 0)) {
        quoted.append(c);
      } else {
        quoted.append("\\u%04x".formatted((int) c));
      }
    }
    return quoted.append('"').toString();
  }

  private void binary(Door door, Map<String, String> attributes, String data) {
    List<String> headers = new ArrayList<>();
    attributes.forEach(
        (name, value) -> {
          if (!name.equals("datacontenttype")) {
            headers.add("ce-" + (random.nextBoolean() ? name : name.toUpperCase(Locale.ROOT)));
            headers.add(percentEncoded(value));
          }
        });
    HttpResponse<String> answer =
        door.post(
            attributes.getOrDefault("datacontenttype", ""),
            data.getBytes(UTF_8),
            headers.toArray(String[]::new));
    assertEquals(202, answer.statusCode(), answer.body());
  }

  private String percentEncoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(UTF_8)) {
      boolean plain = b > ' ' && b < 0x7F && b != '"' && b != '%' && random.nextInt(8) > 0;
      encoded.append(
          plain ? String.valueOf((char) b) : "%" + HexFormat.of().withUpperCase().toHexDigits(b));
    }
    return encoded.toString();
  }

  private static void post(Door door, String type, String body) {
    HttpResponse<String> answer = door.post(type, body);
    assertEquals(202, answer.statusCode(), answer.body());
  }
}
