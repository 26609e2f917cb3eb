package dev.leat.trials;

import dev.leat.testkit.SimDisk;
import java.util.Arrays;

/**
 * One thing that happens to one file.
 *
 * @param file its name on the disk
 * @param cut whether the file is cut, or else a bit is flipped
 * @param at the length it is cut to, or the number of the bit, counted from the lowest of byte 0
 */
public record Damage(String file, boolean cut, long at) {
  /** A copy of the disk on which it has happened. */
  public SimDisk on(SimDisk disk) {
    SimDisk copy = disk.copy();
    if (cut) {
      copy.truncate(file, at);
    } else {
      copy.corrupt(file, at);
    }
    return copy;
  }

  /** A copy of the file's bytes to which it has happened. */
  public byte[] to(byte[] bytes) {
    if (cut) {
      return Arrays.copyOf(bytes, Math.toIntExact(at));
    }
    byte[] copy = bytes.clone();
    copy[Math.toIntExact(at / 8)] ^= (byte) (1 << at % 8);
    return copy;
  }

  @Override
  public String toString() {
    return cut
        ? "%s cut to %d bytes".formatted(file, at)
        : "%s, bit %d of byte %d flipped".formatted(file, at % 8, at / 8);
  }
}
