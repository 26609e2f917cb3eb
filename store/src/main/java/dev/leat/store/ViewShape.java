package dev.leat.store;

import java.util.List;

/** How the result of a view is kept, and brought up to date. */
sealed interface ViewShape {
  /** As it is; computed anew each time. */
  record Whole() implements ViewShape {}

  /** The result over the rows up to a position; that over later rows is put behind it. */
  record Rows() implements ViewShape {}

  /**
   * One row for each group, with what can be merged with that of later rows.
   *
   * @param kept the columns that are kept, in the order in which {@code partial} yields them
   * @param partial a SELECT of these columns from the table
   * @param shown a SELECT of what the view shows from {@link ViewResult#KEPT}
   * @param filtered whether not every group is shown
   */
  record Groups(List<Merge> kept, String partial, String shown, boolean filtered)
      implements ViewShape {
    public Groups {
      kept = List.copyOf(kept);
    }
  }

  /** How the values of a kept column for one group become one. */
  enum Merge {
    KEY,
    COUNT,
    SUM,
    MIN,
    MAX;

    /** The value of a column for a group of rows. */
    String sql(String column) {
      return switch (this) {
        case KEY -> column;
        case COUNT, SUM -> "sum(" + column + ")";
        case MIN -> "min(" + column + ")";
        case MAX -> "max(" + column + ")";
      };
    }
  }

  /** Whether only new rows are looked at. */
  default boolean isIncremental() {
    return !(this instanceof Whole);
  }
}
