package dev.leat.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * A CEL expression that was checked against what it may refer to. Holds scratch memory: one
 * instance per thread.
 */
interface Expression {
  /** What it yields, as far as that is known beforehand. */
  DataType type();

  /**
   * Whether the expression is true for the event.
   *
   * @throws ExpressionException if it can't be evaluated: a member is missing, a number overflows,
   *     the cost limit is reached, or it yields no truth value
   */
  boolean test(Row row) throws ExpressionException;

  /**
   * The value for the event: null, Boolean, Long, Double, String, {@code List} or {@code Map} of
   * such.
   *
   * @throws ExpressionException if it can't be evaluated
   */
  @Nullable Object value(Row row) throws ExpressionException;
}
