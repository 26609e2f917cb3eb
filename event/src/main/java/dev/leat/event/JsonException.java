package dev.leat.event;

/**
 * Bytes that are not one well-formed JSON document. Thrown for what a sender wrote, so it is an
 * ordinary answer and carries no stack trace.
 */
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Code {
    /** A byte that can't stand here. */
    UNEXPECTED,
    /** The bytes end inside the document. */
    TRUNCATED,
    /** The document is complete and something follows it. */
    TRAILING,
    /** Bytes that are not UTF-8: overlong, a surrogate, above U+10FFFF, or cut short. */
    INVALID_UTF8,
    /** A control character that had to be escaped. */
    CONTROL_CHARACTER,
    /** A backslash followed by what is no escape. */
    INVALID_ESCAPE,
    /** An escaped surrogate without its partner. */
    LONE_SURROGATE,
    /** A number with a leading zero, or without a digit where one is needed. */
    INVALID_NUMBER,
    /** A number with more characters than are read. */
    NUMBER_TOO_LONG,
    /** More objects and arrays inside each other than are followed. */
    TOO_DEEP
  }

  private final Code code;
  private final int offset;
  private final String expected;
  private final String found;

  JsonException(Code code, int offset, String expected, String found) {
    super("expected " + expected + ", found " + found + " at byte " + offset, null, false, false);
    this.code = code;
    this.offset = offset;
    this.expected = expected;
    this.found = found;
  }

  public Code code() {
    return code;
  }

  /** Index into the scanned array. */
  public int offset() {
    return offset;
  }

  public String expected() {
    return expected;
  }

  /** What stood there, in printable ASCII. */
  public String found() {
    return found;
  }
}
