package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The key of a series as bytes: for each label its length in two bytes and its UTF-8, or {@code
 * 0xfffe} if the event has none; a session's start in eight bytes behind that. The one byte {@code
 * 0xff} stands for the series of all that is over the cap.
 */
public final class SeriesKey {
  /** What the labels of the series over the cap are. */
  public static final String OTHER = "__other__";

  /** In the place of a length: the event has no such label. */
  static final int ABSENT = 0xfffe;

  private static final byte OTHER_BYTE = (byte) 0xff;
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private SeriesKey() {}

  /** The values of so many labels. */
  public static List<@Nullable String> labels(byte[] key, int labels) {
    if (isOther(key, labels)) {
      return Collections.nCopies(labels, OTHER);
    }
    List<@Nullable String> values = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < labels; i++) {
      int length = length(key, at);
      at += Short.BYTES;
      values.add(length == ABSENT ? null : new String(key, at, length, UTF_8));
      at += length == ABSENT ? 0 : length;
    }
    return Collections.unmodifiableList(values);
  }

  /** When the session of the key began, as the key says it. */
  public static long start(byte[] key) {
    return start(key, 0, key.length);
  }

  static long start(byte[] key, int from, int length) {
    return (long) LONGS.get(key, from + length - Long.BYTES);
  }

  /** The key of a session: that of its series, and its start. */
  static byte[] session(byte[] series, int from, int length, long start) {
    byte[] key = Arrays.copyOf(Arrays.copyOfRange(series, from, from + length), length + 8);
    LONGS.set(key, length, start);
    return key;
  }

  /** Whether the key of a series with so many labels, or of a session of it, is over the cap. */
  static boolean isOther(byte[] key, int labels) {
    if (key.length == 0 || key[0] != OTHER_BYTE) {
      return false;
    }
    return key.length == 1 || (key.length == 1 + Long.BYTES && !isWhole(key, labels));
  }

  /** Whether a key begins with so many labels. */
  private static boolean isWhole(byte[] key, int labels) {
    int at = 0;
    for (int i = 0; i < labels; i++) {
      if (at > key.length - Short.BYTES) {
        return false;
      }
      int length = length(key, at);
      at += Short.BYTES + (length == ABSENT ? 0 : length);
    }
    return at <= key.length;
  }

  private static int length(byte[] key, int at) {
    return (short) SHORTS.get(key, at) & 0xffff;
  }
}
