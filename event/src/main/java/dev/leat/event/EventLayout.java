package dev.leat.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * How one event lies in bytes: in a batch on its way to the log, in the log, and in the reader's
 * hands.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                 length of the record, with this               |  0
 *  +---------------+---------------+-------------------------------+
 *  |     kind      |  data format  |           id length           |  4
 *  +---------------+---------------+-------------------------------+
 *  |                            key hash                           |  8
 *  +---------------------------------------------------------------+
 *  |                          sampled rate                         | 12
 *  +---------------------------------------------------------------+
 *  |            time, microseconds since 1970-01-01 UTC            | 16
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |        received at, microseconds since 1970-01-01 UTC         | 24
 *  |                                                               |
 *  +-------------------------------+-------------------------------+
 *  |         source length         |          type length          | 32
 *  +-------------------------------+-------------------------------+
 *  |  subject length, FFFF absent  | partitionkey length, or FFFF  | 36
 *  +-------------------------------+-------------------------------+
 *  |                       attributes length                       | 40
 *  +---------------------------------------------------------------+
 *  |                          data length                          | 44
 *  +---------------------------------------------------------------+
 *  |  id, source, type, subject, partitionkey, attributes, data   ...  48
 * </pre>
 *
 * All numbers are little-endian; lengths are in bytes; text is UTF-8. {@code attributes} is a JSON
 * object of every attribute that has no place of its own here ({@code datacontenttype}, {@code
 * dataschema}, extensions), or empty. {@code data} is byte for byte what the producer sent. Records
 * follow each other without padding.
 */
public final class EventLayout {
  public static final int LENGTH = 0;
  public static final int KIND = 4;
  public static final int DATA_FORMAT = 5;
  public static final int ID_LENGTH = 6;
  public static final int KEY_HASH = 8;
  public static final int SAMPLED_RATE = 12;
  public static final int TIME_MICROS = 16;
  public static final int RECEIVED_MICROS = 24;
  public static final int SOURCE_LENGTH = 32;
  public static final int TYPE_LENGTH = 34;
  public static final int SUBJECT_LENGTH = 36;
  public static final int PARTITION_KEY_LENGTH = 38;
  public static final int ATTRIBUTES_LENGTH = 40;
  public static final int DATA_LENGTH = 44;
  public static final int HEADER_BYTES = 48;

  /** The record is an event. */
  public static final int KIND_EVENT = 1;

  /**
   * The record steers the processing of what follows it: its {@code type} says how, its data is for
   * the engine. It is written by Leat itself and has an offset like any other.
   */
  public static final int KIND_CONTROL = 2;

  /** Stands for "this attribute was not sent" in the two lengths that allow it. */
  static final int ABSENT = 0xFFFF;

  /** The most bytes one of id, source, type, subject and partitionkey may have. */
  public static final int MAX_ATTRIBUTE_BYTES = 0xFFFE;

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private EventLayout() {}

  static int unsignedShort(byte[] bytes, int at) {
    return (short) SHORTS.get(bytes, at) & 0xFFFF;
  }

  static int integer(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at);
  }

  static long longInteger(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  static void putShort(byte[] bytes, int at, int value) {
    SHORTS.set(bytes, at, (short) value);
  }

  static void putInteger(byte[] bytes, int at, int value) {
    INTS.set(bytes, at, value);
  }

  static void putLong(byte[] bytes, int at, long value) {
    LONGS.set(bytes, at, value);
  }
}
