package dev.leat.pipeline;

import dev.leat.event.EventCursor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Questions about texts, answered on their UTF-8: no character is a part of another's bytes. */
final class FastText {
  private FastText() {}

  enum Test {
    STARTS_WITH,
    ENDS_WITH,
    CONTAINS
  }

  /** {@code a.startsWith(b)} and its like. */
  static final class Part extends FastNode {
    private final Test test;
    private final FastNode whole;
    private final FastNode part;

    Part(Test test, FastNode whole, FastNode part) {
      this.test = test;
      this.whole = whole;
      this.part = part;
    }

    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      if (whole.evaluate(event, row) != TEXT || part.evaluate(event, row) != TEXT) {
        return UNDECIDED;
      }
      int last = whole.length - part.length;
      return truth(
          last >= 0
              && switch (test) {
                case STARTS_WITH -> isAt(0);
                case ENDS_WITH -> isAt(last);
                case CONTAINS -> isWithin(last);
              });
    }

    private boolean isWithin(int last) {
      for (int at = 0; at <= last; at++) {
        if (isAt(at)) {
          return true;
        }
      }
      return false;
    }

    private boolean isAt(int at) {
      int start = whole.from + at;
      return Arrays.equals(
          whole.text, start, start + part.length, part.text, part.from, part.from + part.length);
    }
  }

  /** {@code a in ['x', 'y']}. */
  static final class OneOf extends FastNode {
    private final FastNode operand;
    private final byte[][] texts;

    OneOf(FastNode operand, List<FastValue.Constant> texts) {
      this.operand = operand;
      this.texts = texts.stream().map(constant -> constant.text).toArray(byte[][]::new);
    }

    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      if (operand.evaluate(event, row) != TEXT) {
        return UNDECIDED;
      }
      for (byte[] candidate : texts) {
        if (candidate.length == operand.length
            && Arrays.equals(
                candidate,
                0,
                candidate.length,
                operand.text,
                operand.from,
                operand.from + operand.length)) {
          return TRUE;
        }
      }
      return FALSE;
    }
  }

  /** {@code size(a)}: its code points. */
  static final class Size extends FastNode {
    private final FastNode operand;

    Size(FastNode operand) {
      this.operand = operand;
    }

    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      if (operand.evaluate(event, row) != TEXT) {
        return UNDECIDED;
      }
      int codePoints = 0;
      for (int at = operand.from; at < operand.from + operand.length; at++) {
        boolean continued = (operand.text[at] & 0xC0) == 0x80;
        codePoints += continued ? 0 : 1;
      }
      integer = codePoints;
      return INTEGER;
    }
  }
}
