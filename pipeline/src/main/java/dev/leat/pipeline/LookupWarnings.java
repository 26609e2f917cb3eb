package dev.leat.pipeline;

import java.util.ArrayList;
import java.util.List;

/** Counts the rows that a lookup table leaves out, and names some. For one thread. */
final class LookupWarnings {
  private final int maxNamed;
  private final List<String> twice = new ArrayList<>();
  private long moreTwice;
  private long noKey;

  LookupWarnings(int maxNamed) {
    this.maxNamed = maxNamed;
  }

  void noKey() {
    noKey++;
  }

  void twice(String key) {
    if (twice.contains(key)) {
      moreTwice++;
    } else if (twice.size() < maxNamed) {
      twice.add(key);
    } else {
      moreTwice++;
    }
  }

  List<String> list() {
    List<String> warnings = new ArrayList<>();
    for (String key : twice) {
      warnings.add("key %s stands twice; the first row counts".formatted(key));
    }
    if (moreTwice > 0) {
      warnings.add("%d more rows have a key that stood before".formatted(moreTwice));
    }
    if (noKey > 0) {
      warnings.add("%d rows have no key and are left out".formatted(noKey));
    }
    return warnings;
  }
}
