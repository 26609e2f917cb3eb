package dev.leat.pipeline;

/**
 * The memory can't be asked or told: nothing may be decided on any more, because an answer without
 * it would be a guess. The message says what to do.
 */
public class MemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MemoryException(String message) {
    super(message);
  }

  public MemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
