package dev.leat.collector;

import dev.leat.event.JsonName;
import dev.leat.event.JsonScanner;
import java.util.Arrays;

/**
 * The names of an object that came before, in their order. For one thread.
 *
 * <p>Events of one kind name the same members in the same order. As no two of these names are the
 * same, an object that has them in this order, some left out, has none twice; so they need neither
 * be read nor hashed. Only an object that goes on otherwise has what it had so far put into the
 * table in which all others are looked for.
 */
final class KnownNames {
  private static final int MOST_NAMES = Long.SIZE;
  private static final int MOST_BYTES = 64;

  /** Of a name that is not next, so many after it are tried: senders leave out what is empty. */
  private static final int REACH = 2;

  /**
   * So many objects may be different before another is learned, so that mixed kinds cost little.
   */
  private static final int PATIENCE = 16;

  private final JsonName[] names = new JsonName[MOST_NAMES];
  private final byte[][] characters = new byte[MOST_NAMES][];
  private int count;
  private int different = PATIENCE;
  private boolean learning;
  private int next;
  private long crossed;

  /** Begins an object. */
  void begin() {
    next = 0;
    crossed = 0;
    learning = different >= PATIENCE;
    if (learning) {
      different = 0;
      count = 0;
    }
  }

  /** Reads the next name if it is one of those that may follow; otherwise does nothing. */
  boolean cross(JsonScanner scanner) {
    int end = learning ? 0 : Math.min(count, next + REACH);
    for (int i = next; i < end; i++) {
      if (scanner.crossName(names[i])) {
        crossed |= 1L << i;
        next = i + 1;
        return true;
      }
    }
    return false;
  }

  /** The object goes on with other names: those it had are looked for among them. */
  void giveWay(UniqueNames others) {
    for (long left = crossed; left != 0; left &= left - 1) {
      others.add(characters[Long.numberOfTrailingZeros(left)]);
    }
    different += learning ? 0 : 1;
  }

  /** The scanner has read a name that the object did not have before. */
  void met(JsonScanner scanner, byte[] bytes) {
    learning &= count < MOST_NAMES && scanner.tokenLength() <= MOST_BYTES && !scanner.escaped();
    if (learning) {
      int from = scanner.tokenFrom();
      characters[count] = Arrays.copyOfRange(bytes, from, from + scanner.tokenLength());
      names[count] = new JsonName(characters[count]);
      count++;
    }
  }
}
