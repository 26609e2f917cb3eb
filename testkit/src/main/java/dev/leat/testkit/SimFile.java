package dev.leat.testkit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * The contents of a file of a {@link SimDisk}: what processes see, what the medium has, and in
 * which sectors these differ. Guarded by the disk.
 */
final class SimFile {
  static final int SECTOR_BYTES = 512;

  private byte[] bytes = {};
  private byte[] durable = {};
  private long size;
  private long durableSize;

  /** In their order, so that a seed always loses the same. */
  private final TreeSet<Integer> dirty = new TreeSet<>();

  /** What durable sectors held before they were last made durable. */
  private final Map<Integer, byte[]> before = new HashMap<>();

  /** Sectors that can't be read until they are written again. */
  private final TreeSet<Integer> bad = new TreeSet<>();

  SimFile copy() {
    SimFile copy = new SimFile();
    copy.bytes = bytes.clone();
    copy.durable = durable.clone();
    copy.size = size;
    copy.durableSize = durableSize;
    copy.dirty.addAll(dirty);
    copy.before.putAll(before);
    copy.bad.addAll(bad);
    return copy;
  }

  long size() {
    return size;
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes, (int) size);
  }

  int sectors() {
    return (int) ((size + SECTOR_BYTES - 1) / SECTOR_BYTES);
  }

  /** Reads as much as there is; -1 if a sector on the way is bad. */
  int read(ByteBuffer into, long position) {
    int length = (int) Math.max(0, Math.min(into.remaining(), size - position));
    if (length > 0) {
      if (!bad.isEmpty()
          && !bad.subSet(sector(position), true, sector(position + length - 1), true).isEmpty()) {
        return -1;
      }
      into.put(bytes, (int) position, length);
    }
    return length;
  }

  private static int sector(long position) {
    return (int) (position / SECTOR_BYTES);
  }

  void ensure(long length) {
    if (length > bytes.length) {
      // Half as much again, or a file that grows by appending costs its square.
      long wanted = Math.max(length, bytes.length * 3L / 2);
      int sectors = Math.toIntExact((wanted + SECTOR_BYTES - 1) / SECTOR_BYTES);
      bytes = Arrays.copyOf(bytes, sectors * SECTOR_BYTES);
      durable = Arrays.copyOf(durable, sectors * SECTOR_BYTES);
    }
  }

  void put(ByteBuffer from, long position) {
    int length = from.remaining();
    ensure(position + length);
    from.get(bytes, (int) position, length);
    for (long at = position; at < position + length; at = (at / SECTOR_BYTES + 1) * SECTOR_BYTES) {
      dirty.add(sector(at));
      bad.remove(sector(at));
    }
    size = Math.max(size, position + length);
  }

  void grow(long to) {
    ensure(to);
    size = Math.max(size, to);
  }

  void shorten(long to) {
    if (to < size) {
      Arrays.fill(bytes, (int) to, (int) size, (byte) 0);
      for (long at = to / SECTOR_BYTES; at * SECTOR_BYTES < size; at++) {
        dirty.add((int) at);
      }
      size = to;
    }
  }

  void makeDurable() {
    for (int sector : dirty) {
      int at = sector * SECTOR_BYTES;
      before.put(sector, Arrays.copyOfRange(durable, at, at + SECTOR_BYTES));
      System.arraycopy(bytes, at, durable, at, SECTOR_BYTES);
    }
    dirty.clear();
    durableSize = size;
  }

  /** A failed force: what it should have written counts as clean from now on. */
  void forgetDirty() {
    dirty.clear();
  }

  /**
   * Loses what was not forced.
   *
   * @param torn whether sectors may be kept in part
   */
  void crash(RandomGenerator chance, int lossPercent, boolean torn) {
    for (int sector : dirty) {
      int at = sector * SECTOR_BYTES;
      if (chance.nextInt(100) >= lossPercent) {
        System.arraycopy(bytes, at, durable, at, SECTOR_BYTES);
      } else if (torn && chance.nextInt(4) == 0) {
        tear(at, chance);
      }
    }
    if (chance.nextInt(100) >= lossPercent) {
      durableSize = size;
    }
    dirty.clear();
    Arrays.fill(durable, (int) durableSize, durable.length, (byte) 0);
    bytes = durable.clone();
    size = durableSize;
  }

  /** Its beginning or its end is new, the rest old. */
  private void tear(int at, RandomGenerator chance) {
    int cut = chance.nextInt(SECTOR_BYTES);
    if (chance.nextBoolean()) {
      System.arraycopy(bytes, at, durable, at, cut);
    } else {
      System.arraycopy(bytes, at + cut, durable, at + cut, SECTOR_BYTES - cut);
    }
  }

  void flip(long bit) {
    int at = Math.toIntExact(bit / 8);
    ensure(at + 1);
    bytes[at] ^= (byte) (1 << bit % 8);
    durable[at] ^= (byte) (1 << bit % 8);
  }

  void makeBad(int sector) {
    bad.add(sector);
  }

  /** Puts back what the sector had before it was last made durable; false if it had nothing. */
  boolean makeStale(int sector) {
    byte[] old = before.get(sector);
    if (old == null) {
      return false;
    }
    set(sector, old);
    return true;
  }

  byte[] get(int sector) {
    int at = sector * SECTOR_BYTES;
    return Arrays.copyOfRange(bytes, at, at + SECTOR_BYTES);
  }

  void set(int sector, byte[] content) {
    int at = sector * SECTOR_BYTES;
    System.arraycopy(content, 0, bytes, at, SECTOR_BYTES);
    System.arraycopy(content, 0, durable, at, SECTOR_BYTES);
  }
}
