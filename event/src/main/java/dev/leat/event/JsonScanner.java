package dev.leat.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads one JSON document (RFC 8259, strictly) token by token from bytes, without copying or
 * allocating. For one thread.
 *
 * <pre>{@code
 * scanner.reset(bytes, from, length);
 * for (Token token = scanner.next(); token != Token.END; token = scanner.next()) {
 *   ...
 * }
 * }</pre>
 *
 * <p>Everything up to {@link #position()} has been checked: commas, colons, UTF-8, escapes,
 * numbers, depth. Only duplicate names are the caller's business. Time is linear in the bytes,
 * memory is the depth, nothing recurses.
 *
 * <p>Strings are what most bytes of an event are, so their plain part is crossed eight bytes at a
 * time: one subtraction per class of byte leaves the high bit of each byte that ends the plain
 * part. A borrow can mark a wrong byte only after a right one, so the lowest mark is exact. The
 * eight bytes may reach past the document, not past the array; a hit there is recognised by its
 * place.
 */
public final class JsonScanner {
  /** What {@link #next} found. A {@code NAME} includes the colon after it. */
  public enum Token {
    OBJECT_START,
    OBJECT_END,
    ARRAY_START,
    ARRAY_END,
    NAME,
    STRING,
    /** A number without fraction and exponent, of any size. */
    INTEGER,
    DECIMAL,
    TRUE,
    FALSE,
    NULL,
    END
  }

  public static final int DEFAULT_MAX_DEPTH = 64;

  /** The most characters a number may have. */
  public static final int MAX_NUMBER_LENGTH = 1_000;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long SPACES = ' ' * ONES;
  private static final long QUOTES = '"' * ONES;
  private static final long BACKSLASHES = '\\' * ONES;

  private static final int TRUE_WORD = word("true");
  private static final int ALSE_WORD = word("alse");
  private static final int NULL_WORD = word("null");

  /** Where in the grammar the next token stands. */
  private static final int VALUE = 0;

  private static final int FIRST_VALUE = 1;
  private static final int FIRST_NAME = 2;
  private static final int AFTER_VALUE = 3;

  private static final int NO_BYTE = -1;

  private final boolean[] objects;
  private final int maxDepth;

  private byte[] bytes = {};
  private int end;
  private int at;
  private int state;
  private int depth;
  private boolean inObject;

  private int valueFrom;
  private int tokenFrom;
  private int tokenLength;
  private boolean escaped;

  private final JsonNumber number = new JsonNumber();

  public JsonScanner() {
    this(DEFAULT_MAX_DEPTH);
  }

  /** A scanner that refuses more than {@code maxDepth} objects and arrays inside each other. */
  public JsonScanner(int maxDepth) {
    if (maxDepth < 1) {
      throw new IllegalArgumentException("maximum depth must be at least 1, not " + maxDepth);
    }
    this.maxDepth = maxDepth;
    this.objects = new boolean[maxDepth + 1];
  }

  /** Begins a document of {@code length} bytes at {@code from}. */
  public void reset(byte[] bytes, int from, int length) {
    if (from < 0 || length < 0 || from > bytes.length - length) {
      throw new IndexOutOfBoundsException(
          "%d bytes at %d do not fit an array of %d".formatted(length, from, bytes.length));
    }
    this.bytes = bytes;
    this.end = from + length;
    this.at = from;
    this.state = VALUE;
    this.depth = 0;
    this.inObject = false;
    this.tokenFrom = from;
    this.tokenLength = 0;
  }

  /**
   * The next token; {@code END} after the document, again and again.
   *
   * @throws JsonException if the bytes are no JSON; the scanner is then of no use until it is reset
   */
  public Token next() {
    int c = peek();
    return switch (state) {
      case AFTER_VALUE -> afterValue(c);
      case FIRST_NAME -> c == '}' ? close(Token.OBJECT_END) : name(c, "a name or '}'");
      case FIRST_VALUE -> c == ']' ? close(Token.ARRAY_END) : value(c, "a value or ']'");
      default -> value(c, "a value");
    };
  }

  /**
   * Reads the next token if it is this name, where the document has it without blanks but for one
   * before it; otherwise does nothing, and {@link #next} tells what is there. What is said about
   * tokens stays that of the one before.
   */
  public boolean crossName(JsonName name) {
    int from = at;
    if (state == AFTER_VALUE && inObject && from < end && bytes[from] == ',') {
      from++;
    } else if (state != FIRST_NAME) {
      return false;
    }
    if (from < end && bytes[from] == ' ') {
      from++;
    }
    int to = name.endAt(bytes, from, end);
    if (to < 0) {
      return false;
    }
    at = to;
    state = VALUE;
    return true;
  }

  /** Bytes of the token begin here; those of a string or name after its quote. */
  public int tokenFrom() {
    return tokenFrom;
  }

  /** Bytes of the token; a string's or name's without the quotes, as they were sent. */
  public int tokenLength() {
    return tokenLength;
  }

  /**
   * Whether the string or name has a backslash, so that {@link #unescape} differs from its bytes.
   */
  public boolean escaped() {
    return escaped;
  }

  /** Objects and arrays that are open. */
  public int depth() {
    return depth;
  }

  /** The first byte not read yet. */
  public int position() {
    return at;
  }

  /**
   * Where the value of the last token begins, a string's with its quote. After {@code next}
   * returned a value.
   */
  public int valueFrom() {
    return valueFrom;
  }

  /**
   * Goes to the end of the value whose first token {@code next} has just returned, so that its
   * bytes lie between {@link #valueFrom()} and {@link #position()}.
   */
  public void skipValue() {
    if (state != FIRST_NAME && state != FIRST_VALUE) {
      return;
    }
    int from = valueFrom;
    int outside = depth - 1;
    while (depth > outside) {
      next();
    }
    valueFrom = from;
    tokenFrom = from;
    tokenLength = at - from;
  }

  /** Whether the {@code INTEGER} is in the range of a {@code long}. */
  public boolean fitsLong() {
    return number.fitsLong();
  }

  /** The value of an {@code INTEGER} that {@link #fitsLong}. */
  public long longValue() {
    return number.longValue();
  }

  /** The {@code double} nearest to the number; infinite if it is out of range. */
  public double doubleValue() {
    return number.doubleValue(bytes, tokenFrom, tokenLength);
  }

  /**
   * Writes the characters of the string or name as UTF-8 and returns where they end. They are never
   * more than {@link #tokenLength()} bytes.
   */
  public int unescape(byte[] into, int at) {
    return JsonText.unescape(bytes, tokenFrom, tokenLength, into, at);
  }

  private Token afterValue(int c) {
    if (c == ',' && depth > 0) {
      at++;
      int after = peek();
      return inObject ? name(after, "a name") : value(after, "a value");
    }
    if (depth == 0) {
      return end(c);
    }
    if (c == (inObject ? '}' : ']')) {
      return close(inObject ? Token.OBJECT_END : Token.ARRAY_END);
    }
    throw unexpected(inObject ? "',' or '}'" : "',' or ']'");
  }

  private Token end(int c) {
    if (c != NO_BYTE) {
      throw new JsonException(
          JsonException.Code.TRAILING, at, "the end", JsonText.describe(bytes, at, end));
    }
    tokenFrom = at;
    tokenLength = 0;
    return Token.END;
  }

  private Token name(int c, String expected) {
    if (c != '"') {
      throw unexpected(expected);
    }
    string();
    if (peek() != ':') {
      throw unexpected("':'");
    }
    at++;
    state = VALUE;
    return Token.NAME;
  }

  private Token value(int c, String expected) {
    valueFrom = at;
    return switch (c) {
      case '"' -> stringValue();
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      case '{' -> open(true);
      case '[' -> open(false);
      case 't' -> literal(Token.TRUE, TRUE_WORD, 0, 4);
      case 'f' -> literal(Token.FALSE, ALSE_WORD, 1, 5);
      case 'n' -> literal(Token.NULL, NULL_WORD, 0, 4);
      default -> throw unexpected(expected);
    };
  }

  private Token stringValue() {
    string();
    state = AFTER_VALUE;
    return Token.STRING;
  }

  private Token open(boolean object) {
    if (depth == maxDepth) {
      throw new JsonException(
          JsonException.Code.TOO_DEEP, at, "at most " + maxDepth + " levels", "one more");
    }
    objects[depth++] = inObject;
    inObject = object;
    tokenFrom = at++;
    tokenLength = 1;
    state = object ? FIRST_NAME : FIRST_VALUE;
    return object ? Token.OBJECT_START : Token.ARRAY_START;
  }

  private Token close(Token token) {
    inObject = objects[--depth];
    tokenFrom = at++;
    tokenLength = 1;
    state = AFTER_VALUE;
    return token;
  }

  private Token literal(Token token, int word, int skip, int length) {
    if (end - at < length || (int) INTS.get(bytes, at + skip) != word) {
      throw unexpected("true, false or null");
    }
    tokenFrom = at;
    tokenLength = length;
    at += length;
    state = AFTER_VALUE;
    return token;
  }

  private Token number() {
    tokenFrom = at;
    at = number.scan(bytes, at, end);
    tokenLength = at - tokenFrom;
    state = AFTER_VALUE;
    return number.isInteger() ? Token.INTEGER : Token.DECIMAL;
  }

  private void string() {
    int from = at + 1;
    int to = plain(from);
    escaped = false;
    if (to >= end || bytes[to] != '"') {
      to = special(to);
    }
    tokenFrom = from;
    tokenLength = to - from;
    at = to + 1;
  }

  /** The rest of a string from its first byte that is not plain to its quote. */
  private int special(int from) {
    int to = from;
    while (to < end && bytes[to] != '"') {
      int c = bytes[to];
      if (c == '\\') {
        escaped = true;
        to = JsonText.checkEscape(bytes, to, end);
      } else if (c < 0) {
        to = JsonText.checkUtf8(bytes, to, end);
      } else {
        throw new JsonException(
            JsonException.Code.CONTROL_CHARACTER,
            to,
            "an escaped control character",
            JsonText.describe(bytes, to, end));
      }
      to = plain(to);
    }
    if (to >= end) {
      throw new JsonException(JsonException.Code.TRUNCATED, end, "'\"'", JsonText.END_OF_INPUT);
    }
    return to;
  }

  /**
   * The first byte from here that is a quote, a backslash, a control character or not ASCII; or at
   * or past the end.
   */
  private int plain(int from) {
    byte[] bytes = this.bytes;
    int to = from;
    int lastWord = Math.min(end - 1, bytes.length - Long.BYTES);
    while (to <= lastWord) {
      long word = (long) LONGS.get(bytes, to);
      long marks =
          (word | (word - SPACES) | ((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES))
              & HIGH_BITS;
      if (marks != 0) {
        return to + (Long.numberOfTrailingZeros(marks) >>> 3);
      }
      to += Long.BYTES;
    }
    while (to < end && JsonText.isPlain(bytes[to])) {
      to++;
    }
    return to;
  }

  /** The first byte that is not blank, without consuming it. */
  private int peek() {
    byte[] bytes = this.bytes;
    int to = at;
    while (to < end) {
      int c = bytes[to];
      if (c > ' ' || (c != ' ' && c != '\n' && c != '\r' && c != '\t')) {
        at = to;
        // Not ASCII is as wrong here as anything else, but must not look like the end.
        return c & 0xFF;
      }
      to++;
    }
    at = to;
    return NO_BYTE;
  }

  private JsonException unexpected(String expected) {
    JsonException.Code code =
        at >= end ? JsonException.Code.TRUNCATED : JsonException.Code.UNEXPECTED;
    return new JsonException(code, at, expected, JsonText.describe(bytes, at, end));
  }

  private static int word(String text) {
    return (int) INTS.get(text.getBytes(ISO_8859_1), 0);
  }
}
