package dev.leat.pipeline;

import dev.leat.event.EventCursor;
import org.jspecify.annotations.Nullable;

/** Arithmetic. Overflow, division by zero and mixed kinds are errors, hence undecided. */
final class FastNumbers {
  /** Integers up to here are doubles without rounding, so comparing as doubles is exact. */
  static final long EXACT = 1L << 53;

  private FastNumbers() {}

  enum Operator {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    REMAINDER
  }

  static final class Arithmetic extends FastNode {
    private final Operator operator;
    private final FastNode left;
    private final FastNode right;

    Arithmetic(Operator operator, FastNode left, FastNode right) {
      this.operator = operator;
      this.left = left;
      this.right = right;
    }

    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      int kind = left.evaluate(event, row);
      if ((kind != INTEGER && kind != REAL) || right.evaluate(event, row) != kind) {
        return UNDECIDED;
      }
      return kind == INTEGER ? integers(left.integer, right.integer) : reals(left.real, right.real);
    }

    private int reals(double a, double b) {
      if (operator == Operator.REMAINDER) {
        return UNDECIDED;
      }
      real =
          switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE, REMAINDER -> a / b;
          };
      return REAL;
    }

    private int integers(long a, long b) {
      return switch (operator) {
        case ADD -> {
          integer = a + b;
          yield ((a ^ integer) & (b ^ integer)) < 0 ? UNDECIDED : INTEGER;
        }
        case SUBTRACT -> {
          integer = a - b;
          yield ((a ^ b) & (a ^ integer)) < 0 ? UNDECIDED : INTEGER;
        }
        case MULTIPLY -> {
          integer = a * b;
          yield Math.multiplyHigh(a, b) == integer >> 63 ? INTEGER : UNDECIDED;
        }
        case DIVIDE, REMAINDER -> {
          if (b == 0 || b == -1) { // The smallest integer has no opposite.
            yield UNDECIDED;
          }
          integer = operator == Operator.DIVIDE ? a / b : a % b;
          yield INTEGER;
        }
      };
    }
  }

  static final class Negation extends FastNode {
    private final FastNode operand;

    Negation(FastNode operand) {
      this.operand = operand;
    }

    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      int kind = operand.evaluate(event, row);
      integer = -operand.integer;
      real = -operand.real;
      boolean opposite = kind == INTEGER ? operand.integer != Long.MIN_VALUE : kind == REAL;
      return opposite ? kind : UNDECIDED;
    }
  }
}
