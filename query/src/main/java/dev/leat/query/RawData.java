package dev.leat.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the bytes that an event brought as its data: the member {@code data} with text if they are
 * UTF-8, {@code dataBase64} otherwise. Text is never parsed: it may be anything but JSON, which is
 * why it is here.
 */
final class RawData {
  private static final int LONGEST_CHARACTER = 4;

  private RawData() {}

  static void write(JsonWriter json, @Nullable Object raw) throws IOException {
    if (!(raw instanceof byte[] bytes)) {
      json.field("data", raw);
      return;
    }
    String text = text(bytes, bytes.length);
    json.field(text == null ? "dataBase64" : "data", text == null ? bytes : text);
  }

  /** The first bytes only; {@code dataTruncated} says whether there are more. */
  static void write(JsonWriter json, @Nullable Object raw, int most) throws IOException {
    if (raw instanceof byte[] bytes && bytes.length > most) {
      write(json, cut(bytes, most));
      json.field("dataTruncated", true);
    } else {
      write(json, raw);
      json.field("dataTruncated", false);
    }
  }

  /** Cuts between characters, if there are any. */
  private static byte[] cut(byte[] bytes, int most) {
    for (int length = most; length > most - LONGEST_CHARACTER; length--) {
      if (text(bytes, length) != null) {
        return Arrays.copyOf(bytes, length);
      }
    }
    return Arrays.copyOf(bytes, most);
  }

  private static @Nullable String text(byte[] bytes, int length) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
    } catch (CharacterCodingException binary) {
      return null;
    }
  }
}
