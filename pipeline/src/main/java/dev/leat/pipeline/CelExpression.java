package dev.leat.pipeline;

import dev.leat.event.EventCursor;
import org.jspecify.annotations.Nullable;

/**
 * An expression in both of its forms: the fast one decides if it can, otherwise the library does.
 */
final class CelExpression implements Expression {
  private final DataType type;
  private final @Nullable FastNode fast;
  private final CelProgram program;

  CelExpression(DataType type, @Nullable FastNode fast, CelProgram program) {
    this.type = type;
    this.fast = fast;
    this.program = program;
  }

  @Override
  public DataType type() {
    return type;
  }

  @Override
  public boolean test(Row row) throws ExpressionException {
    int verdict = fast(row.event(), row);
    return verdict == FastNode.UNDECIDED
        ? program.test(row.event(), row)
        : verdict == FastNode.TRUE;
  }

  /** As {@link #test(Row)} before there is a row: for choosing the stream. */
  boolean test(EventCursor event) throws ExpressionException {
    int verdict = fast(event, null);
    return verdict == FastNode.UNDECIDED ? program.test(event, null) : verdict == FastNode.TRUE;
  }

  @Override
  public @Nullable Object value(Row row) throws ExpressionException {
    return program.value(row);
  }

  /** What the fast form says of the event: true, false or undecided. */
  int fast(EventCursor event, @Nullable Row row) {
    if (fast == null) {
      return FastNode.UNDECIDED;
    }
    int verdict = fast.evaluate(event, row);
    return verdict == FastNode.TRUE || verdict == FastNode.FALSE ? verdict : FastNode.UNDECIDED;
  }
}
