package dev.leat.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON document after another into a stream, piece by piece. It sets the commas itself;
 * that names and values alternate is the caller's business. For one thread; {@link #flush} before
 * the stream is used otherwise.
 *
 * <p>Numbers keep every digit. What JSON has no number for (NaN and the infinities) becomes the
 * text {@code "NaN"}, {@code "Infinity"}, {@code "-Infinity"}, as in Protobuf's JSON; bytes become
 * Base64; points in time RFC 3339 in UTC.
 */
public final class JsonWriter {
  private static final int BUFFER_BYTES = 8_192;
  private static final byte[] HEX = "0123456789abcdef".getBytes(UTF_8);

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int length;
  private boolean comma;

  public JsonWriter(OutputStream out) {
    this.out = out;
  }

  public JsonWriter beginObject() throws IOException {
    return open('{');
  }

  public JsonWriter endObject() throws IOException {
    return close('}');
  }

  public JsonWriter beginArray() throws IOException {
    return open('[');
  }

  public JsonWriter endArray() throws IOException {
    return close(']');
  }

  public JsonWriter name(String name) throws IOException {
    separate();
    string(name);
    put(':');
    comma = false;
    return this;
  }

  /** A name and its value. */
  public JsonWriter field(String name, @Nullable Object value) throws IOException {
    return name(name).value(value);
  }

  /** A value of any of the types a query yields, or any {@code Number}. */
  public JsonWriter value(@Nullable Object value) throws IOException {
    switch (value) {
      case null -> plain("null");
      case Boolean bool -> plain(bool.toString());
      case Double number -> number(number);
      case Float number -> number(number.doubleValue());
      case BigDecimal number -> plain(number.toPlainString());
      case Long _, Integer _, Short _, Byte _, BigInteger _ -> plain(value.toString());
      case List<?> list -> list(list);
      case Map<?, ?> map -> map(map);
      default -> text(textOf(value));
    }
    return this;
  }

  /** Bytes that are one JSON value already. */
  public JsonWriter raw(byte[] json) throws IOException {
    separate();
    putAll(json);
    return this;
  }

  /** Ends a line, after which the next document begins. */
  public JsonWriter newLine() throws IOException {
    put('\n');
    comma = false;
    return this;
  }

  /** Hands what is buffered to the stream. */
  public void flush() throws IOException {
    out.write(buffer, 0, length);
    length = 0;
  }

  /** How a value that is no number, list or map reads as text. */
  static String textOf(Object value) {
    return switch (value) {
      case Instant time -> DateTimeFormatter.ISO_INSTANT.format(time);
      // Leat keeps time in UTC, so a timestamp without a zone is one in UTC.
      case LocalDateTime time ->
          DateTimeFormatter.ISO_INSTANT.format(time.toInstant(ZoneOffset.UTC));
      case LocalDate date -> date.toString();
      case LocalTime time -> DateTimeFormatter.ISO_LOCAL_TIME.format(time);
      case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
      case BigDecimal number -> number.toPlainString();
      default -> value.toString();
    };
  }

  private void number(double number) throws IOException {
    if (Double.isFinite(number)) {
      plain(Double.toString(number));
    } else {
      text(Double.toString(number));
    }
  }

  private void list(List<?> list) throws IOException {
    beginArray();
    for (Object element : list) {
      value(element);
    }
    endArray();
  }

  private void map(Map<?, ?> map) throws IOException {
    beginObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      field(String.valueOf(entry.getKey()), entry.getValue());
    }
    endObject();
  }

  private void plain(String ascii) throws IOException {
    separate();
    for (int i = 0; i < ascii.length(); i++) {
      put(ascii.charAt(i));
    }
  }

  private void text(String text) throws IOException {
    separate();
    string(text);
  }

  private void string(String text) throws IOException {
    put('"');
    for (byte b : text.getBytes(UTF_8)) {
      if (b == '"' || b == '\\') {
        put('\\');
        put(b);
      } else if (b >= 0 && b < ' ') {
        control(b);
      } else {
        put(b);
      }
    }
    put('"');
  }

  private void control(byte b) throws IOException {
    switch (b) {
      case '\n' -> putAll(new byte[] {'\\', 'n'});
      case '\r' -> putAll(new byte[] {'\\', 'r'});
      case '\t' -> putAll(new byte[] {'\\', 't'});
      default -> putAll(new byte[] {'\\', 'u', '0', '0', HEX[b >> 4], HEX[b & 15]});
    }
  }

  private JsonWriter open(char bracket) throws IOException {
    separate();
    put(bracket);
    comma = false;
    return this;
  }

  private JsonWriter close(char bracket) throws IOException {
    put(bracket);
    comma = true;
    return this;
  }

  private void separate() throws IOException {
    if (comma) {
      put(',');
    }
    comma = true;
  }

  private void putAll(byte[] bytes) throws IOException {
    for (byte b : bytes) {
      put(b);
    }
  }

  private void put(int b) throws IOException {
    if (length == buffer.length) {
      flush();
    }
    buffer[length++] = (byte) b;
  }
}
