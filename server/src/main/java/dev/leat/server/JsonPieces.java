package dev.leat.server;

import dev.leat.event.JsonException;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream into the JSON values it consists of: the lines of NDJSON, the elements of one
 * array, or values that follow each other over several lines. In memory that is as large as the
 * largest value. For one thread.
 *
 * <p>A line of NDJSON is handed on as it is, so that one that is broken spoils no other.
 */
final class JsonPieces implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 << 10;
  private static final int MAX_PIECE_BYTES = 64 << 20;

  private final InputStream in;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int start;
  private int end;
  private boolean ended;
  private boolean lines;
  private boolean array;
  private long consumed;
  private int from;
  private int length;

  JsonPieces(InputStream in) throws IOException {
    this.in = in;
    begin();
  }

  /** Moves to the next value; false if there is none. */
  boolean next() throws IOException {
    skipSeparators();
    if (start == end) {
      return false;
    }
    int at = lines ? endOfLine() : endOfValue();
    from = start;
    length = at - start;
    while (length > 0 && isBlank(buffer[from + length - 1])) {
      length--;
    }
    consumed += at - start;
    start = at;
    return true;
  }

  byte[] bytes() {
    return buffer;
  }

  int from() {
    return from;
  }

  int length() {
    return length;
  }

  /** Bytes read so far. */
  long consumed() {
    return consumed;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void begin() throws IOException {
    if (more() && end >= 3 && buffer[0] == (byte) 0xEF && buffer[1] == (byte) 0xBB) {
      start = 3; // a byte order mark, as some editors write it
    }
    skipSeparators();
    if (start == end) {
      return;
    }
    array = buffer[start] == '[';
    if (array) {
      start++;
    } else {
      lines = isWhole(start, endOfLine());
    }
  }

  private boolean isWhole(int from, int to) {
    JsonScanner scanner = new JsonScanner();
    scanner.reset(buffer, from, to - from);
    try {
      while (scanner.next() != Token.END) {}
      return true;
    } catch (JsonException cut) {
      // A line that is broken, not one that goes on, must not swallow those after it.
      return cut.code() != JsonException.Code.TRUNCATED;
    }
  }

  private void skipSeparators() throws IOException {
    do {
      while (start < end && isSeparator(buffer[start])) {
        start++;
        consumed++;
      }
    } while (start == end && more());
  }

  private boolean isSeparator(byte b) {
    return isBlank(b) || (!lines && (b == ',' || (array && b == ']')));
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private int endOfLine() throws IOException {
    int offset = 0;
    while (true) {
      for (int at = start + offset; at < end; at++) {
        if (buffer[at] == '\n') {
          return at;
        }
      }
      offset = end - start;
      if (!more()) {
        return end;
      }
    }
  }

  /** Follows brackets and strings; whether the rest is right is for others to say. */
  private int endOfValue() throws IOException {
    int depth = 0;
    boolean text = false;
    boolean escaped = false;
    int offset = 0;
    while (true) {
      for (int at = start + offset; at < end; at++) {
        byte b = buffer[at];
        if (text) {
          text = escaped || b != '"';
          escaped = !escaped && b == '\\';
        } else if (b == '"') {
          text = true;
        } else if (b == '{' || b == '[') {
          depth++;
        } else if ((b == '}' || b == ']') && --depth <= 0) {
          return depth < 0 ? at : at + 1;
        } else if (depth == 0 && isSeparator(b)) {
          return at;
        }
      }
      offset = end - start;
      if (!more()) {
        return end;
      }
    }
  }

  /** Reads on, behind what is not used yet; false at the end. */
  private boolean more() throws IOException {
    if (ended) {
      return false;
    }
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    if (end == buffer.length) {
      if (end >= MAX_PIECE_BYTES) {
        throw new IOException("a single value is larger than %d bytes".formatted(MAX_PIECE_BYTES));
      }
      buffer = Arrays.copyOf(buffer, end * 2);
    }
    int read = in.read(buffer, end, buffer.length - end);
    ended = read < 0;
    end += Math.max(0, read);
    return !ended;
  }
}
