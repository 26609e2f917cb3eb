package dev.leat.pipeline;

/**
 * A document asks for more than is done for one. Thrown for what a sender wrote, so it carries no
 * stack trace.
 */
final class LimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String bound;

  LimitException(String bound) {
    super("not in bounds: " + bound, null, false, false);
    this.bound = bound;
  }

  /** What would have been in bounds. */
  String bound() {
    return bound;
  }
}
