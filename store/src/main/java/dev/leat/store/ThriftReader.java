package dev.leat.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Reads structs in Thrift's compact protocol, as {@link ThriftWriter} writes them. Bytes that are
 * no such structs end in an {@link IndexOutOfBoundsException}, or in numbers that make no sense.
 * For one thread.
 */
final class ThriftReader {
  private final byte[] bytes;
  private int at;

  ThriftReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The next byte to be read. */
  int position() {
    return at;
  }

  /** What was read from a position up to here. */
  byte[] since(int position) {
    return Arrays.copyOfRange(bytes, position, at);
  }

  /** A field of a struct; its type is {@code 0} where the struct ends. */
  record Field(int id, int type) {
    boolean isEnd() {
      return type == 0;
    }
  }

  /** The header of the field after this one. */
  Field next(int last) {
    int header = bytes[at++] & 0xFF;
    int type = header & 0xF;
    int step = header >>> 4;
    return new Field(type == 0 || step > 0 ? last + step : (int) number(), type);
  }

  /** A number of either sign. */
  long number() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = bytes[at++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IndexOutOfBoundsException("a number of more than 64 bits ends at " + at);
  }

  byte[] binary() {
    int length = Math.toIntExact(varint());
    if (length > bytes.length - at) {
      throw new IndexOutOfBoundsException("%d bytes at %d".formatted(length, at));
    }
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  String text() {
    return new String(binary(), UTF_8);
  }

  /** How many elements a list has, each as long as a byte at least. */
  int list() {
    int header = bytes[at++] & 0xFF;
    int size = header >>> 4;
    size = size == ThriftWriter.LONG_LIST ? Math.toIntExact(varint()) : size;
    if (size > bytes.length - at) {
      throw new IndexOutOfBoundsException("%d elements at %d".formatted(size, at));
    }
    return size;
  }

  /** Passes over the value of a field. */
  void skip(int type) {
    switch (type) {
      case ThriftWriter.TRUE, ThriftWriter.FALSE -> {}
      case ThriftWriter.BYTE -> at++;
      case ThriftWriter.I16, ThriftWriter.I32, ThriftWriter.I64 -> varint();
      case ThriftWriter.DOUBLE -> at += Double.BYTES;
      case ThriftWriter.BINARY -> binary();
      case ThriftWriter.LIST, ThriftWriter.SET -> {
        int element = bytes[at] & 0xF;
        for (int left = list(); left > 0; left--) {
          skip(element == ThriftWriter.FALSE ? ThriftWriter.BYTE : element);
        }
      }
      case ThriftWriter.STRUCT -> {
        for (Field field = next(0); !field.isEnd(); field = next(field.id())) {
          skip(field.type());
        }
      }
      default -> throw new IndexOutOfBoundsException("no value is a " + type);
    }
  }
}
