package dev.leat.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes structs in Thrift's compact protocol, which Parquet describes its files in. A struct is
 * between {@link #begin} and {@link #end}; its fields come with rising numbers. For one thread.
 *
 * @see <a href="https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md">
 *     Thrift compact protocol</a>
 */
final class ThriftWriter {
  static final int TRUE = 1;
  static final int FALSE = 2;
  static final int BYTE = 3;
  static final int I16 = 4;
  static final int I32 = 5;
  static final int I64 = 6;
  static final int DOUBLE = 7;
  static final int BINARY = 8;
  static final int LIST = 9;
  static final int SET = 10;
  static final int STRUCT = 12;

  /** What stands for the size of a list that does not fit into four bits. */
  static final int LONG_LIST = 15;

  private final ByteSink out;
  private final Deque<Integer> outer = new ArrayDeque<>();
  private int last;

  ThriftWriter(ByteSink out) {
    this.out = out;
  }

  /** A struct that stands alone or in a list. */
  void begin() {
    outer.push(last);
    last = 0;
  }

  void begin(int field) {
    header(field, STRUCT);
    begin();
  }

  void end() {
    out.put(0);
    last = outer.pop();
  }

  /** A struct that says all by being there. */
  void empty(int field) {
    begin(field);
    end();
  }

  void bool(int field, boolean value) {
    header(field, value ? TRUE : FALSE);
  }

  void int8(int field, int value) {
    header(field, BYTE);
    out.put(value);
  }

  void int32(int field, int value) {
    header(field, I32);
    out.putZigzag(value);
  }

  void int64(int field, long value) {
    header(field, I64);
    out.putZigzag(value);
  }

  void text(int field, String value) {
    header(field, BINARY);
    text(value);
  }

  void binary(int field, byte[] value) {
    header(field, BINARY);
    out.putVarint(value.length);
    out.put(value, 0, value.length);
  }

  /** Begins a list, whose elements follow. */
  void list(int field, int elementType, int size) {
    header(field, LIST);
    list(elementType, size);
  }

  /** Begins a list that is no field. */
  void list(int elementType, int size) {
    if (size < LONG_LIST) {
      out.put((size << 4) | elementType);
    } else {
      out.put((LONG_LIST << 4) | elementType);
      out.putVarint(size);
    }
  }

  /** A list that was encoded before, its header included. */
  void encodedList(int field, byte[] encoded) {
    header(field, LIST);
    out.put(encoded, 0, encoded.length);
  }

  /** An element of a list. */
  void text(String value) {
    byte[] bytes = value.getBytes(UTF_8);
    out.putVarint(bytes.length);
    out.put(bytes, 0, bytes.length);
  }

  /** An element of a list. */
  void int32(int value) {
    out.putZigzag(value);
  }

  private void header(int field, int type) {
    int step = field - last;
    if (step <= 0) {
      throw new IllegalStateException("field %d comes after %d".formatted(field, last));
    }
    if (step < 16) {
      out.put((step << 4) | type);
    } else {
      out.put(type);
      out.putZigzag(field);
    }
    last = field;
  }
}
