package dev.leat.pipeline;

import java.util.Collection;
import java.util.Optional;

/** Finds the word that somebody probably meant. */
final class Spelling {
  private Spelling() {}

  /** The known word nearest to what was written, if it is near enough to be a slip. */
  static Optional<String> closest(String written, Collection<String> known) {
    String best = null;
    int bestDistance = Math.max(1, written.length() / 3) + 1;
    for (String word : known) {
      int distance = distance(written, word);
      if (distance < bestDistance) {
        best = word;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * Levenshtein's distance: insertions, deletions and substitutions that turn one word into the
   * other.
   */
  private static int distance(String from, String to) {
    int[] previous = new int[to.length() + 1];
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int substituted = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(substituted, Math.min(previous[j], row[j - 1]) + 1);
      }
      int[] swap = previous;
      previous = row;
      row = swap;
    }
    return previous[to.length()];
  }
}
