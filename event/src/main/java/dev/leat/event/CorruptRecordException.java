package dev.leat.event;

/**
 * Bytes that passed their checksum, or never had one, do not form a record: a defect, not a
 * sender's mistake.
 */
public final class CorruptRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CorruptRecordException(String message) {
    super(message);
  }
}
