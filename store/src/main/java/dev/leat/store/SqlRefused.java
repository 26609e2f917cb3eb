package dev.leat.store;

import dev.leat.event.EventStore.Reason;

/** A statement that is not run, and why. An ordinary answer, so it carries no stack trace. */
final class SqlRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  SqlRefused(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
