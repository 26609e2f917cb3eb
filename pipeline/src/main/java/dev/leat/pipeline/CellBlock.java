package dev.leat.pipeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Cells as bytes, sorted by key, bytes unsigned:
 *
 * <pre>
 *   4 bytes   number of cells
 *   per cell  2 bytes length of the key, key, 4 bytes length of the value or -1 if the cell is gone, value
 * </pre>
 *
 * All numbers are big-endian. What a value means is for {@link CellLayout}.
 */
public final class CellBlock {
  static final int GONE = -1;

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private CellBlock() {}

  /** A block without cells. */
  public static byte[] empty() {
    return new byte[Integer.BYTES];
  }

  /** Takes the cells of a block. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Takes one.
     *
     * @param block where key and value stand
     * @param length of the value; {@link #GONE} if the cell is
     */
    void cell(byte[] block, int keyFrom, int keyLength, int from, int length);
  }

  /**
   * Goes through a block.
   *
   * @throws IllegalStateException if it is none
   */
  static void read(byte[] block, Receiver receiver) {
    int count = number(block, 0);
    int at = Integer.BYTES;
    int before = 0;
    int beforeLength = 0;
    for (int i = 0; i < count; i++) {
      int keyLength = shortNumber(block, at);
      int key = at + Short.BYTES;
      int length = number(block, key + keyLength);
      int from = key + keyLength + Integer.BYTES;
      boolean ascends =
          i == 0
              || Arrays.compareUnsigned(
                      block, before, before + beforeLength, block, key, key + keyLength)
                  < 0;
      if (!ascends || length < GONE || length > block.length - from) {
        throw new IllegalStateException("cell %d of a block is damaged".formatted(i));
      }
      receiver.cell(block, key, keyLength, from, length);
      before = key;
      beforeLength = keyLength;
      at = from + Math.max(length, 0);
    }
    if (count < 0 || at != block.length) {
      throw new IllegalStateException("a block is longer than its %d cells".formatted(count));
    }
  }

  private static int number(byte[] block, int at) {
    return (int) INTS.get(block, check(block, at, Integer.BYTES));
  }

  private static int shortNumber(byte[] block, int at) {
    return (short) SHORTS.get(block, check(block, at, Short.BYTES)) & 0xffff;
  }

  private static int check(byte[] block, int at, int bytes) {
    if (at > block.length - bytes) {
      throw new IllegalStateException("a block is cut short");
    }
    return at;
  }

  /** The cells of all blocks, later ones in the place of earlier ones; those gone are left out. */
  public static byte[] overlay(List<byte[]> oldestFirst) {
    if (oldestFirst.size() == 1 && isWhole(oldestFirst.getFirst())) {
      return oldestFirst.getFirst();
    }
    TreeMap<byte[], Value> cells = new TreeMap<>(Arrays::compareUnsigned);
    for (byte[] one : oldestFirst) {
      read(
          one,
          (block, keyFrom, keyLength, from, length) -> {
            byte[] key = Arrays.copyOfRange(block, keyFrom, keyFrom + keyLength);
            if (length == GONE) {
              cells.remove(key);
            } else {
              cells.put(key, new Value(block, from, length));
            }
          });
    }
    ByteWriter out = new ByteWriter();
    out.putInt(cells.size());
    cells.forEach(
        (key, value) -> {
          out.putShort(key.length);
          out.putBytes(key);
          out.putInt(value.length());
          out.putBytes(value.block(), value.from(), value.length());
        });
    return out.toByteArray();
  }

  /** Whether a block names no cells that are gone, as most do. */
  private static boolean isWhole(byte[] one) {
    boolean[] hasGone = {false};
    read(one, (_, _, _, _, length) -> hasGone[0] |= length == GONE);
    return !hasGone[0];
  }

  @SuppressWarnings("ArrayRecordComponent") // A window, never compared.
  private record Value(byte[] block, int from, int length) {}
}
