package dev.leat.pipeline;

import dev.leat.event.EventCursor;

/** Whether a stream takes an event. */
final class Routing {
  private Routing() {}

  /** Whether the expression is true of the envelope; one that can't be evaluated is not. */
  static boolean takes(CelExpression match, EventCursor event) {
    try {
      return match.test(event);
    } catch (ExpressionException unanswered) {
      return false; // As the definition's reference says: what can't be told does not match.
    }
  }
}
