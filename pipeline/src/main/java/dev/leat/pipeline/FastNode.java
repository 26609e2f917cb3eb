package dev.leat.pipeline;

import dev.leat.event.EventCursor;
import org.jspecify.annotations.Nullable;

/**
 * A part of an expression that is evaluated without the library: straight from the columns and the
 * bytes of the envelope, making no objects. It either comes to the very value that the library
 * would come to, or says {@link #UNDECIDED}; errors are always undecided. For one thread: the value
 * lies in the node until the next evaluation.
 */
abstract class FastNode {
  /** Only the library can tell. */
  static final int UNDECIDED = 0;

  static final int FALSE = 1;
  static final int TRUE = 2;

  /** The value is in {@link #integer}. */
  static final int INTEGER = 3;

  /** The value is in {@link #real}. */
  static final int REAL = 4;

  /**
   * The value is in {@link #real}, but may have been sent as an integer and is one for the library
   * then: the column was widened.
   */
  static final int EITHER = 5;

  /** The value is UTF-8 in {@link #text}. */
  static final int TEXT = 6;

  long integer;
  double real;
  byte[] text = {};
  int from;
  int length;

  /**
   * The kind of the value, which is then in the fields.
   *
   * @param row null if there is none yet; the data is undecided then
   */
  abstract int evaluate(EventCursor event, @Nullable Row row);

  final int text(byte[] bytes, int start, int size) {
    text = bytes;
    from = start;
    length = size;
    return TEXT;
  }

  static int truth(boolean value) {
    return value ? TRUE : FALSE;
  }
}
