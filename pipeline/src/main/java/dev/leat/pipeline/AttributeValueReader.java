package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.Column;
import dev.leat.event.JsonException;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import dev.leat.event.RowChunk;
import java.util.Arrays;

/** Reads an attribute that has no column of its own from the JSON object of them in a row. */
final class AttributeValueReader extends ValueReader {
  private final JsonScanner scanner = new JsonScanner();
  private final byte[] name;
  private byte[] unescaped = new byte[64];

  AttributeValueReader(String name) {
    this.name = name.getBytes(UTF_8);
  }

  @Override
  void read(RowChunk chunk, int row, Sample into) {
    Column.Bytes attributes = chunk.attributes;
    into.setNone();
    if (!attributes.isPresent(row) || attributes.length(row) == 0) {
      return;
    }
    byte[] json = attributes.values();
    try {
      scanner.reset(json, attributes.from(row), attributes.length(row));
      scanner.next();
      while (scanner.next() == Token.NAME) {
        boolean found = isName(json);
        Token token = scanner.next();
        if (found) {
          value(token, json, into);
          return;
        }
        scanner.skipValue();
      }
    } catch (JsonException notWhatWasWritten) {
      throw new IllegalStateException("the attributes of a row are not JSON", notWhatWasWritten);
    }
  }

  private boolean isName(byte[] json) {
    int from = scanner.tokenFrom();
    return Arrays.equals(json, from, from + scanner.tokenLength(), name, 0, name.length);
  }

  private void value(Token token, byte[] json, Sample into) {
    switch (token) {
      case STRING -> text(json, into);
      case INTEGER -> {
        if (scanner.fitsLong()) {
          into.setLong(scanner.longValue());
        } else {
          into.setDouble(scanner.doubleValue());
        }
      }
      case DECIMAL -> into.setDouble(scanner.doubleValue());
      case TRUE -> into.setBoolean(true);
      case FALSE -> into.setBoolean(false);
      case NULL, NAME, OBJECT_START, OBJECT_END, ARRAY_START, ARRAY_END, END -> {}
    }
  }

  private void text(byte[] json, Sample into) {
    if (!scanner.escaped()) {
      into.setText(json, scanner.tokenFrom(), scanner.tokenLength());
      return;
    }
    if (unescaped.length < scanner.tokenLength()) {
      unescaped = new byte[scanner.tokenLength()];
    }
    into.setText(unescaped, 0, scanner.unescape(unescaped, 0));
  }
}
