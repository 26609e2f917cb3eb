package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * One value of one event, and what else of the event counts with it. Numbers are in one form: a
 * whole one that fits 64 bits is {@link Kind#LONG}, wherever it came from, and one that is not
 * finite is no value. Filled anew for each value; for one thread.
 */
final class Sample {
  /** What the value is. */
  enum Kind {
    NONE,
    LONG,
    DOUBLE,
    BOOLEAN,
    TEXT
  }

  private static final int MAX_DIGITS = 20;
  private static final byte[] BOOLEANS = {0, 1};
  private static final long BOOLEAN_SEED = 1;
  private static final byte[] TRUE = "true".getBytes(UTF_8);
  private static final byte[] FALSE = "false".getBytes(UTF_8);

  /** The first double above all 64-bit integers. */
  private static final double LONG_END = 0x1p63;

  private Kind kind = Kind.NONE;
  private long number;
  private double fraction;
  private byte[] bytes = {};
  private int from;
  private int length;

  private final byte[] scratch = new byte[MAX_DIGITS];

  private long time;
  private long offset;
  private long weight = 1;

  /**
   * Begins with another event.
   *
   * @param weight how many events it stands for
   */
  void begin(long time, long offset, long weight) {
    this.time = time;
    this.offset = offset;
    this.weight = weight;
    this.kind = Kind.NONE;
  }

  void setNone() {
    kind = Kind.NONE;
  }

  void setLong(long value) {
    kind = Kind.LONG;
    number = value;
  }

  void setDouble(double value) {
    if (value == Math.rint(value) && value >= -LONG_END && value < LONG_END) {
      setLong((long) value);
    } else if (Double.isFinite(value)) {
      kind = Kind.DOUBLE;
      fraction = value;
    } else {
      kind = Kind.NONE;
    }
  }

  void setBoolean(boolean value) {
    kind = Kind.BOOLEAN;
    number = value ? 1 : 0;
  }

  void setText(byte[] array, int at, int count) {
    kind = Kind.TEXT;
    bytes = array;
    from = at;
    length = count;
  }

  Kind kind() {
    return kind;
  }

  boolean isNumber() {
    return kind == Kind.LONG || kind == Kind.DOUBLE;
  }

  /** A {@link Kind#LONG}; 1 or 0 for a {@link Kind#BOOLEAN}. */
  long number() {
    return number;
  }

  /** A {@link Kind#DOUBLE}. */
  double fraction() {
    return fraction;
  }

  /** Any number, rounded if it has to be. */
  double approximate() {
    return kind == Kind.LONG ? number : fraction;
  }

  /** Where a {@link Kind#TEXT} stands. */
  byte[] bytes() {
    return bytes;
  }

  int from() {
    return from;
  }

  int length() {
    return length;
  }

  /**
   * Makes text of a value that is none, as JSON spells it: a label and what frequencies are asked
   * for is the same for the number 5 and the text "5".
   */
  void toText() {
    switch (kind) {
      case LONG -> {
        int at = digits(number, scratch);
        setText(scratch, at, scratch.length - at);
      }
      case DOUBLE -> {
        byte[] text = Double.toString(fraction).getBytes(UTF_8);
        setText(text, 0, text.length);
      }
      case BOOLEAN -> {
        byte[] text = number == 1 ? TRUE : FALSE;
        setText(text, 0, text.length);
      }
      case NONE, TEXT -> {}
    }
  }

  /** Writes a number to the end of an array and returns where it begins. */
  private static int digits(long value, byte[] into) {
    // Negative throughout, since the smallest number has no positive counterpart.
    long rest = value > 0 ? -value : value;
    int at = into.length;
    do {
      into[--at] = (byte) ('0' - rest % 10);
      rest /= 10;
    } while (rest != 0);
    if (value < 0) {
      into[--at] = '-';
    }
    return at;
  }

  /** The hash of what {@link #toText} makes; the value stays as it is. */
  long textHash() {
    return switch (kind) {
      case LONG -> {
        int at = digits(number, scratch);
        yield Hash64.of(scratch, at, scratch.length - at);
      }
      case DOUBLE -> Hash64.of(Double.toString(fraction).getBytes(UTF_8));
      case BOOLEAN -> Hash64.of(number == 1 ? TRUE : FALSE);
      case TEXT -> Hash64.of(bytes, from, length);
      case NONE -> throw new IllegalStateException("nothing has no hash");
    };
  }

  /** A hash that values share which are equal: 5 and 5.0, but not 5 and "5". */
  long hash() {
    return switch (kind) {
      case LONG -> Hash64.of(number);
      case DOUBLE -> Hash64.of(fraction);
      case BOOLEAN -> Hash64.ofBytes(BOOLEANS, (int) number, 1, BOOLEAN_SEED);
      case TEXT -> Hash64.of(bytes, from, length);
      case NONE -> throw new IllegalStateException("nothing has no hash");
    };
  }

  long time() {
    return time;
  }

  long offset() {
    return offset;
  }

  long weight() {
    return weight;
  }
}
