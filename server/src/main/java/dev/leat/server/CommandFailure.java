package dev.leat.server;

/**
 * Ends a command with one sentence for the person who gave it and an exit code other than 0; no
 * stack trace, since nothing is wrong with the program.
 */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailure(String message) {
    super(message, null, false, false);
  }

  CommandFailure(String message, Throwable cause) {
    super(message, cause, false, false);
  }
}
