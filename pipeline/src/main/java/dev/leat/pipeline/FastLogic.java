package dev.leat.pipeline;

import dev.leat.event.EventCursor;
import org.jspecify.annotations.Nullable;

/**
 * The logical operators. The library takes {@code false && error} and {@code error && false} for
 * false; here the second is left to it.
 */
final class FastLogic {
  private FastLogic() {}

  /** What has no fast form. */
  static final class Unknown extends FastNode {
    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      return UNDECIDED;
    }
  }

  /** {@code &&} and {@code ||}: the deciding value decides, otherwise the right side does. */
  static final class Junction extends FastNode {
    private final int deciding;
    private final FastNode left;
    private final FastNode right;

    Junction(int deciding, FastNode left, FastNode right) {
      this.deciding = deciding;
      this.left = left;
      this.right = right;
    }

    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      int first = left.evaluate(event, row);
      if (first == deciding) {
        return first;
      }
      if (first != FALSE && first != TRUE) {
        return UNDECIDED;
      }
      int second = right.evaluate(event, row);
      return second == FALSE || second == TRUE ? second : UNDECIDED;
    }
  }

  static final class Not extends FastNode {
    private final FastNode operand;

    Not(FastNode operand) {
      this.operand = operand;
    }

    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      return switch (operand.evaluate(event, row)) {
        case TRUE -> FALSE;
        case FALSE -> TRUE;
        default -> UNDECIDED;
      };
    }
  }

  /** {@code condition ? yes : no}. */
  static final class Conditional extends FastNode {
    private final FastNode condition;
    private final FastNode yes;
    private final FastNode no;

    Conditional(FastNode condition, FastNode yes, FastNode no) {
      this.condition = condition;
      this.yes = yes;
      this.no = no;
    }

    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      int verdict = condition.evaluate(event, row);
      if (verdict != TRUE && verdict != FALSE) {
        return UNDECIDED;
      }
      FastNode chosen = verdict == TRUE ? yes : no;
      int kind = chosen.evaluate(event, row);
      integer = chosen.integer;
      real = chosen.real;
      text(chosen.text, chosen.from, chosen.length);
      return kind;
    }
  }
}
