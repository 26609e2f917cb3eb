package dev.leat.trials;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** All damages of some files, numbered: each bit of each, then each length it can be cut to. */
final class DamageSpace {
  private final List<String> names;
  private final List<Long> sizes;
  private final long bytes;

  DamageSpace(SortedMap<String, Long> files) {
    this.names = List.copyOf(files.keySet());
    this.sizes = new ArrayList<>(files.values());
    this.bytes = files.values().stream().mapToLong(Long::longValue).sum();
  }

  long bytes() {
    return bytes;
  }

  /** Eight bits and one length for each byte. */
  long size() {
    return 9 * bytes;
  }

  Damage get(long number) {
    boolean cut = number >= 8 * bytes;
    long left = cut ? number - 8 * bytes : number;
    for (int i = 0; i < names.size(); i++) {
      long own = cut ? sizes.get(i) : 8 * sizes.get(i);
      if (left < own) {
        return new Damage(names.get(i), cut, left);
      }
      left -= own;
    }
    throw new IllegalArgumentException("there is no damage " + number);
  }
}
