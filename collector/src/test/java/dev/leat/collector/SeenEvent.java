package dev.leat.collector;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.leat.event.DataFormat;
import dev.leat.event.EventCursor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An event as the log got it.
 *
 * @param attributes as Jackson reads them, strings with a quote in front, so that {@code 1} is not
 *     {@code "1"}
 * @param data each byte as one character
 */
record SeenEvent(
    String id,
    String source,
    String type,
    Optional<String> subject,
    Optional<String> partitionKey,
    int sampledRate,
    long timeMicros,
    long receivedMicros,
    Map<String, String> attributes,
    DataFormat dataFormat,
    String data) {
  static SeenEvent of(EventCursor c) {
    return new SeenEvent(
        text(c, c.idAt(), c.idLength()),
        text(c, c.sourceAt(), c.sourceLength()),
        text(c, c.typeAt(), c.typeLength()),
        c.hasSubject() ? Optional.of(text(c, c.subjectAt(), c.subjectLength())) : Optional.empty(),
        c.hasPartitionKey()
            ? Optional.of(text(c, c.partitionKeyAt(), c.partitionKeyLength()))
            : Optional.empty(),
        c.sampledRate(),
        c.timeMicros(),
        c.receivedMicros(),
        attributes(text(c, c.attributesAt(), c.attributesLength())),
        c.dataFormat(),
        text(c, c.dataAt(), c.dataLength()));
  }

  private static String text(EventCursor cursor, int at, int length) {
    return new String(cursor.bytes(), at, length, UTF_8);
  }

  private static Map<String, String> attributes(String json) {
    Map<String, String> attributes = new TreeMap<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isScalarValue()) {
          String mark = token == JsonToken.VALUE_STRING ? "'" : "";
          attributes.put(parser.currentName(), mark + parser.getText());
        }
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(json, broken);
    }
    return attributes;
  }
}
