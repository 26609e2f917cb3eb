package dev.leat.server;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * So many names get a value of a label to themselves, first come, first served, and for good: a
 * count that moved from one series to another would look like a restart. All others share one. For
 * one thread at a time.
 */
final class BoundedNames {
  /** No stream or table can be called so. */
  static final String OTHER = "__other__";

  private final int most;
  private final Set<String> told = new HashSet<>();

  BoundedNames(int most) {
    this.most = most;
  }

  /** Takes in those that come for the first time, by name, as long as there is room. */
  void meet(Collection<String> names) {
    for (String name : new TreeSet<>(names)) {
      if (told.size() < most) {
        told.add(name);
      }
    }
  }

  /** The value of the label. */
  String of(String name) {
    return told.contains(name) ? name : OTHER;
  }
}
