package dev.leat.pipeline;

import java.util.Collection;
import java.util.Optional;

/** Finds the word that somebody probably meant. */
final class Spelling {
  private static final int MAX_LENGTH = 100;

  private Spelling() {}

  /** Says that a word is not known, and which was probably meant, or which there are. */
  static String unknown(String what, String written, Collection<String> known) {
    return closest(written, known)
        .map(near -> "unknown %s '%s'; did you mean '%s'?".formatted(what, written, near))
        .orElseGet(
            () ->
                known.isEmpty()
                    ? "unknown %s '%s'; there is none".formatted(what, written)
                    : "unknown %s '%s'; known here: %s"
                        .formatted(what, written, String.join(", ", known)));
  }

  /** The known word nearest to what was written, if it is near enough to be a slip. */
  static Optional<String> closest(String written, Collection<String> known) {
    if (written.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String best = null;
    int bestDistance = Math.min(Math.max(1, written.length() / 3) + 1, written.length());
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
   * How many letters must be inserted, removed, replaced or swapped with their neighbour to turn
   * one word into the other (optimal string alignment distance).
   */
  private static int distance(String from, String to) {
    int[][] rows = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        rows[i][j] = i == 0 || j == 0 ? i + j : cheapest(rows, from, to, i, j);
      }
    }
    return rows[from.length()][to.length()];
  }

  private static int cheapest(int[][] rows, String from, String to, int i, int j) {
    char a = from.charAt(i - 1);
    char b = to.charAt(j - 1);
    int best = Math.min(rows[i - 1][j], rows[i][j - 1]) + 1;
    best = Math.min(best, rows[i - 1][j - 1] + (a == b ? 0 : 1));
    boolean swapped = i > 1 && j > 1 && a == to.charAt(j - 2) && b == from.charAt(i - 2);
    return swapped ? Math.min(best, rows[i - 2][j - 2] + 1) : best;
  }
}
