package dev.leat.pipeline;

import dev.leat.event.EventCursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@code == != < <= > >=} among numbers, texts and truth values. */
final class FastComparison extends FastNode {
  /** From this byte on, the order of UTF-8 is not that of UTF-16, which the library goes by. */
  private static final int ORDER_DIFFERS = 0xEE;

  enum Operator {
    EQUAL,
    UNEQUAL,
    LESS,
    AT_MOST,
    GREATER,
    AT_LEAST
  }

  private final Operator operator;
  private final boolean ordered;
  private final FastNode left;
  private final FastNode right;

  FastComparison(Operator operator, FastNode left, FastNode right) {
    this.operator = operator;
    this.ordered = operator != Operator.EQUAL && operator != Operator.UNEQUAL;
    this.left = left;
    this.right = right;
  }

  @Override
  int evaluate(EventCursor event, @Nullable Row row) {
    int a = left.evaluate(event, row);
    if (a == UNDECIDED) {
      return UNDECIDED;
    }
    int b = right.evaluate(event, row);
    if (a >= INTEGER && a <= EITHER && b >= INTEGER && b <= EITHER) {
      return numbers(a, b);
    }
    if (a == TEXT && b == TEXT) {
      return ordered ? orderedTexts() : truth(equalTexts() == (operator == Operator.EQUAL));
    }
    boolean truths = !ordered && (a == TRUE || a == FALSE) && (b == TRUE || b == FALSE);
    return truths ? truth((a == b) == (operator == Operator.EQUAL)) : UNDECIDED;
  }

  private int numbers(int a, int b) {
    if (a == INTEGER && b == INTEGER) {
      return verdict(Long.compare(left.integer, right.integer));
    }
    boolean exact = isExact(left, a) && isExact(right, b);
    double x = a == INTEGER ? left.integer : left.real;
    double y = b == INTEGER ? right.integer : right.real;
    if (!exact || Double.isNaN(x) || Double.isNaN(y)) {
      return UNDECIDED;
    }
    return verdict(x < y ? -1 : x > y ? 1 : 0);
  }

  private static boolean isExact(FastNode node, int kind) {
    return switch (kind) {
      case INTEGER -> node.integer >= -EXACT && node.integer <= EXACT;
      case EITHER -> node.real > -EXACT && node.real < EXACT;
      default -> true;
    };
  }

  private static final long EXACT = FastNumbers.EXACT;

  private boolean equalTexts() {
    return left.length == right.length
        && Arrays.equals(
            left.text,
            left.from,
            left.from + left.length,
            right.text,
            right.from,
            right.from + right.length);
  }

  private int orderedTexts() {
    int shared = Math.min(left.length, right.length);
    int at =
        Arrays.mismatch(
            left.text, left.from, left.from + shared, right.text, right.from, right.from + shared);
    if (at < 0) {
      return verdict(Integer.compare(left.length, right.length));
    }
    int x = left.text[left.from + at] & 0xFF;
    int y = right.text[right.from + at] & 0xFF;
    return Math.max(x, y) >= ORDER_DIFFERS ? UNDECIDED : verdict(Integer.compare(x, y));
  }

  private int verdict(int order) {
    return truth(
        switch (operator) {
          case EQUAL -> order == 0;
          case UNEQUAL -> order != 0;
          case LESS -> order < 0;
          case AT_MOST -> order <= 0;
          case GREATER -> order > 0;
          case AT_LEAST -> order >= 0;
        });
  }
}
