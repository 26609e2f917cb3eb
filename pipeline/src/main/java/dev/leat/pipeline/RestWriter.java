package dev.leat.pipeline;

import dev.leat.event.DataSchema.Kind;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import dev.leat.event.RowChunk;
import java.util.Arrays;

/**
 * Writes the part of a JSON object that found no column, as an object of the same shape: each value
 * byte for byte as it was sent, everything that has a column left out. For one thread.
 */
final class RestWriter {
  private final JsonScanner scanner = new JsonScanner();
  private final NameBuffer name = new NameBuffer();
  private byte[] out = new byte[256];
  private int length;
  private long walk;

  /** Writes the rest of a document, in a walk of this number; see {@link FieldNode#metBefore}. */
  void write(FieldNode root, byte[] bytes, int from, int size, RowChunk chunk, long walk) {
    this.walk = walk;
    length = 0;
    scanner.reset(bytes, from, size);
    scanner.next();
    object(root, bytes);
    chunk.rest.set(chunk.rows(), out, 0, length);
  }

  /**
   * Writes the misfits of an object whose brace has been read, and says whether it has members at
   * all. The schema's depth bounds the recursion.
   */
  private boolean object(FieldNode node, byte[] bytes) {
    put('{');
    int empty = length;
    FieldNode last = null;
    boolean any = false;
    while (scanner.next() == Token.NAME) {
      any = true;
      name.read(scanner, bytes);
      int nameFrom = scanner.tokenFrom();
      int nameLength = scanner.tokenLength();
      last = node.child(last, name.bytes(), name.from(), name.length());
      int before = length;
      if (before != empty) {
        put(',');
      }
      put('"');
      put(bytes, nameFrom, nameLength);
      put('"');
      put(':');
      if (!(last.metBefore(walk) ? repeated(bytes) : value(last, bytes))) {
        length = before;
      }
    }
    put('}');
    return any;
  }

  /** Writes the value of a name that came before, whatever it is. */
  private boolean repeated(byte[] bytes) {
    scanner.next();
    scanner.skipValue();
    put(bytes, scanner.valueFrom(), scanner.position() - scanner.valueFrom());
    return true;
  }

  /** Writes a value if it is a misfit, or holds one; false if it has its place in the columns. */
  private boolean value(FieldNode node, byte[] bytes) {
    Token token = scanner.next();
    if (token == Token.NULL) {
      return false;
    }
    if (token == Token.OBJECT_START && node.field(Kind.OBJECT) != null) {
      return nested(node, bytes);
    }
    scanner.skipValue();
    if (fits(node, token, bytes)) {
      return false;
    }
    put(bytes, scanner.valueFrom(), scanner.position() - scanner.valueFrom());
    return true;
  }

  private boolean nested(FieldNode node, byte[] bytes) {
    int from = scanner.valueFrom();
    int before = length;
    if (object(node, bytes)) {
      boolean anyMisfit = length - before > 2;
      return anyMisfit;
    }
    length = before; // Sent empty: a misfit of its own, kept as it was sent.
    put(bytes, from, scanner.position() - from);
    return true;
  }

  private boolean fits(FieldNode node, Token token, byte[] bytes) {
    return switch (token) {
      case STRING -> node.field(Kind.TEXT) != null;
      case INTEGER -> scanner.fitsLong() && node.field(Kind.LONG) != null;
      case DECIMAL -> fitsDecimal(node, scanner.doubleValue(), bytes);
      case TRUE, FALSE -> node.field(Kind.BOOLEAN) != null;
      case ARRAY_START -> node.field(Kind.JSON) != null;
      case NULL, OBJECT_START, OBJECT_END, ARRAY_END, NAME, END -> false;
    };
  }

  private boolean fitsDecimal(FieldNode node, double value, byte[] bytes) {
    return Double.isFinite(value)
        && (node.field(Kind.DOUBLE) != null
            || (Numbers.isWhole(scanner, bytes, value) && node.field(Kind.LONG) != null));
  }

  private void put(char ascii) {
    reserve(1);
    out[length++] = (byte) ascii;
  }

  private void put(byte[] bytes, int from, int size) {
    reserve(size);
    System.arraycopy(bytes, from, out, length, size);
    length += size;
  }

  private void reserve(int size) {
    if (length + size > out.length) {
      out = Arrays.copyOf(out, Math.max(length + size, out.length * 2));
    }
  }
}
