package dev.leat.pipeline;

/** How an event corrects an earlier one of its source, with the attribute {@code corrects}. */
enum Correction {
  /** It corrects nothing. */
  NONE(""),
  /** It undoes the earlier event: no row counts any more. */
  RETRACT("retract"),
  /** It takes the place of the earlier event. */
  REPLACE("replace"),
  /** Its attribute {@code correction} is neither. */
  WRONG("");

  private final String label;

  Correction(String label) {
    this.label = label;
  }

  /** As the attribute and the table {@code superseded} spell it. */
  String label() {
    return label;
  }
}
