package dev.leat.pipeline;

/**
 * A number that neither 64 bits nor a double hold as it was sent. An expression that changes data
 * can carry it along, but can't calculate with it.
 */
record ExactNumber(String text) {
  @Override
  public String toString() {
    return text;
  }
}
