package dev.leat.pipeline;

/**
 * An expression could not be evaluated for an event; the message is for who wrote the expression.
 */
final class ExpressionException extends Exception {
  private static final long serialVersionUID = 1L;

  ExpressionException(String message) {
    super(message, null, false, false);
  }
}
