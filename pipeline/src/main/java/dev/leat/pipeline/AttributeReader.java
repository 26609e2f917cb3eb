package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.JsonException;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import dev.leat.event.Slice;
import java.util.Arrays;

/** Finds one of the attributes that have no place of their own in an event. For one thread. */
final class AttributeReader {
  private final JsonScanner scanner = new JsonScanner();
  private final byte[] name;
  private final Slice value = new Slice();
  private byte[] unescaped = new byte[64];

  AttributeReader(String name) {
    this.name = name.getBytes(UTF_8);
  }

  /**
   * The attribute's text, or its number or truth value as written; absent if the event has none. A
   * window that ends with the next call.
   */
  Slice read(EventCursor event) {
    return read(event.bytes(), event.attributesAt(), event.attributesLength());
  }

  /** The same for an event that has not been written yet. */
  Slice read(EventDraft draft) {
    Slice attributes = draft.attributes;
    return read(attributes.array(), attributes.from(), attributes.length());
  }

  private Slice read(byte[] bytes, int at, int length) {
    value.clear();
    if (length == 0) {
      return value;
    }
    try {
      scanner.reset(bytes, at, length);
      scanner.next();
      while (scanner.next() == Token.NAME) {
        boolean found =
            Arrays.equals(
                bytes,
                scanner.tokenFrom(),
                scanner.tokenFrom() + scanner.tokenLength(),
                name,
                0,
                name.length);
        Token token = scanner.next();
        if (found) {
          set(token, bytes);
          return value;
        }
      }
    } catch (JsonException notWhatWasWritten) {
      throw new IllegalStateException(
          "the attributes of an event in the log are not JSON", notWhatWasWritten);
    }
    return value;
  }

  private void set(Token token, byte[] bytes) {
    if (token == Token.STRING && scanner.escaped()) {
      if (unescaped.length < scanner.tokenLength()) {
        unescaped = new byte[scanner.tokenLength()];
      }
      value.set(unescaped, 0, scanner.unescape(unescaped, 0));
    } else if (token != Token.NULL) {
      value.set(bytes, scanner.tokenFrom(), scanner.tokenLength());
    }
  }
}
