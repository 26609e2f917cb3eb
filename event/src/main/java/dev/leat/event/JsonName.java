package dev.leat.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A name of an object's member as programs write it, {@code "name":} with nothing in between, to be
 * recognised by {@link JsonScanner#crossName}. Immutable.
 *
 * <p>Events of one kind repeat their names, so nearly all names of a document can be guessed. To
 * recognise one of up to 16 bytes, quotes and colon included, takes two comparisons of words; to
 * read it is a search for its end, a look at its escapes and one for the colon.
 */
public final class JsonName {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int TWO_WORDS = 2 * Long.BYTES;

  /** Of a name that no document has in this form. */
  private static final int NEVER = Integer.MAX_VALUE;

  private final byte[] text;
  private final int length;
  private final long head;
  private final long tail;

  /**
   * @param name its characters in UTF-8; one with others than printable ASCII, or that has to be
   *     written with escapes, is never recognised
   */
  public JsonName(byte[] name) {
    text = new byte[name.length + 3];
    text[0] = '"';
    System.arraycopy(name, 0, text, 1, name.length);
    text[name.length + 1] = '"';
    text[name.length + 2] = ':';
    length = isPlain(name) ? text.length : NEVER;
    head = word(0);
    tail = word(Math.max(0, text.length - Long.BYTES));
  }

  private static boolean isPlain(byte[] name) {
    for (byte each : name) {
      if (!JsonText.isPlain(each)) {
        return false;
      }
    }
    return true;
  }

  /** Up to eight bytes of the text as a number, the first one lowest. */
  private long word(int from) {
    byte[] word = Arrays.copyOf(Arrays.copyOfRange(text, from, text.length), Long.BYTES);
    return (long) LONGS.get(word, 0);
  }

  /** Where the name ends that begins here, its colon included; -1 if it is not this one. */
  int endAt(byte[] bytes, int from, int end) {
    return end - from >= length && isAt(bytes, from) ? from + length : -1;
  }

  private boolean isAt(byte[] bytes, int from) {
    if (length > TWO_WORDS || bytes.length - from < Long.BYTES) {
      return Arrays.equals(text, 0, length, bytes, from, from + length);
    }
    return length < Long.BYTES
        ? ((long) LONGS.get(bytes, from) ^ head) << ((Long.BYTES - length) * Byte.SIZE) == 0
        : (long) LONGS.get(bytes, from) == head
            && (long) LONGS.get(bytes, from + length - Long.BYTES) == tail;
  }
}
