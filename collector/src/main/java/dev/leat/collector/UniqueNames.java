package dev.leat.collector;

import dev.leat.event.JsonScanner;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Notices when an object has the same name twice. For one thread, reused from event to event.
 *
 * <p>One open-addressed table holds the names of all objects of the event. Every object has a
 * serial number that is part of the key, so closing an object and beginning an event cost nothing:
 * what carries an older number is as good as empty. The hash is seeded with a secret, so a sender
 * can't aim at one slot; the time is linear in the bytes.
 */
final class UniqueNames {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int INITIAL_SLOTS = 1 << 10;
  private static final int KEPT_SLOTS = 1 << 14;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final long seed;
  private final long secret;

  /** Serial number of the object in the high half, hash of the name in the low one. */
  private long[] slots = new long[INITIAL_SLOTS];

  private int[] froms = new int[INITIAL_SLOTS];
  private int[] lengths = new int[INITIAL_SLOTS];
  private int used;

  private int serial;
  private int firstSerial = 1;
  private final int[] open;
  private int depth;

  private byte[] bytes = {};

  /** Names that had escapes, or lie elsewhere; a negative {@code from} points here. */
  private byte[] unescaped = new byte[64];

  private int unescapedLength;

  UniqueNames(int maxDepth, long seed) {
    this.open = new int[maxDepth + 2];
    this.seed = seed * MULTIPLIER;
    // Odd, so that multiplying loses nothing.
    this.secret = (Long.reverse(seed) ^ MULTIPLIER) | 1;
  }

  /** Begins an event whose names lie in these bytes. */
  void begin(byte[] bytes) {
    this.bytes = bytes;
    if (slots.length > KEPT_SLOTS) {
      allocate(INITIAL_SLOTS);
    }
    if (serial > Integer.MAX_VALUE / 2) {
      Arrays.fill(slots, 0);
      serial = 0;
    }
    firstSerial = serial + 1;
    used = 0;
    depth = 0;
    unescapedLength = 0;
    if (unescaped.length > KEPT_SLOTS) {
      unescaped = new byte[64];
    }
  }

  void openObject() {
    open[depth++] = ++serial;
  }

  void closeObject() {
    depth--;
  }

  /** Adds the name the scanner has just read to the innermost object; false if it was there. */
  boolean add(JsonScanner scanner) {
    if (!scanner.escaped()) {
      return add(bytes, scanner.tokenFrom(), scanner.tokenLength(), scanner.tokenFrom());
    }
    if (unescaped.length - unescapedLength < scanner.tokenLength()) {
      unescaped = Arrays.copyOf(unescaped, (unescapedLength + scanner.tokenLength()) * 2);
    }
    int from = unescapedLength;
    unescapedLength = scanner.unescape(unescaped, from);
    return add(unescaped, from, unescapedLength - from, -from - 1);
  }

  /** Adds a name that lies elsewhere to the innermost object; false if it was there. */
  boolean add(byte[] name) {
    if (unescaped.length - unescapedLength < name.length) {
      unescaped = Arrays.copyOf(unescaped, (unescapedLength + name.length) * 2);
    }
    int from = unescapedLength;
    System.arraycopy(name, 0, unescaped, from, name.length);
    unescapedLength += name.length;
    return add(unescaped, from, name.length, -from - 1);
  }

  private boolean add(byte[] array, int from, int length, int reference) {
    if (used * 2 >= slots.length) {
      grow();
    }
    int object = open[depth - 1];
    long key = key(object, hash(array, from, length));
    int slot = slot(key);
    while (isTaken(slots[slot])) {
      if (slots[slot] == key && isSame(slot, array, from, length)) {
        return false;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    slots[slot] = key;
    froms[slot] = reference;
    lengths[slot] = length;
    used++;
    return true;
  }

  private boolean isTaken(long key) {
    return (int) (key >>> 32) >= firstSerial;
  }

  private boolean isSame(int slot, byte[] array, int from, int length) {
    int other = froms[slot];
    byte[] where = other < 0 ? unescaped : bytes;
    int otherFrom = other < 0 ? -other - 1 : other;
    return Arrays.equals(where, otherFrom, otherFrom + lengths[slot], array, from, from + length);
  }

  private void grow() {
    long[] oldSlots = slots;
    int[] oldFroms = froms;
    int[] oldLengths = lengths;
    allocate(oldSlots.length * 2);
    for (int old = 0; old < oldSlots.length; old++) {
      if (isTaken(oldSlots[old])) {
        int slot = slot(oldSlots[old]);
        while (slots[slot] != 0) {
          slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = oldSlots[old];
        froms[slot] = oldFroms[old];
        lengths[slot] = oldLengths[old];
      }
    }
  }

  private void allocate(int count) {
    slots = new long[count];
    froms = new int[count];
    lengths = new int[count];
  }

  private int slot(long key) {
    return (int) ((key * MULTIPLIER) >>> 32) & (slots.length - 1);
  }

  private static long key(int object, long hash) {
    return ((long) object << 32) | (hash & 0xFFFF_FFFFL);
  }

  private long hash(byte[] array, int from, int length) {
    long hash = seed ^ length;
    int at = from;
    int end = from + length;
    while (end - at >= Long.BYTES) {
      hash = fold(hash ^ (long) LONGS.get(array, at));
      at += Long.BYTES;
    }
    if (at < end) {
      hash = fold(hash ^ tail(array, at, end));
    }
    return fold(hash);
  }

  private static long tail(byte[] array, int from, int end) {
    if (array.length - from >= Long.BYTES) {
      return (long) LONGS.get(array, from) & (-1L >>> (64 - 8 * (end - from)));
    }
    long tail = 0;
    for (int at = end - 1; at >= from; at--) {
      tail = (tail << 8) | (array[at] & 0xFF);
    }
    return tail;
  }

  private long fold(long word) {
    return Math.unsignedMultiplyHigh(word, secret) ^ (word * secret);
  }
}
