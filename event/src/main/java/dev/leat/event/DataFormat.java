package dev.leat.event;

/**
 * How the data bytes of an event are to be read. The code is what stands in the log; codes are
 * never reused.
 */
public enum DataFormat {
  /** The event has no data. */
  NONE(0),
  /** One well-formed JSON value in UTF-8, without duplicate keys. */
  JSON(1),
  /** Text in UTF-8. */
  TEXT(2),
  /** Bytes of any kind. */
  BINARY(3);

  private static final DataFormat[] BY_CODE = values();

  private final int code;

  DataFormat(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** The format with this code. */
  public static DataFormat ofCode(int code) {
    if (code < 0 || code >= BY_CODE.length) {
      throw new IllegalArgumentException("unknown data format code " + code);
    }
    return BY_CODE[code];
  }
}
