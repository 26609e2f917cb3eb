package dev.leat.pipeline;

import org.jspecify.annotations.Nullable;

/** Puts the value of an expression into the data. */
final class ComputeStage implements Stage {
  private static final String NAME = "enrich";

  private final Step.ComputeStep step;
  private final Expression value;
  private final FieldWriter into;

  ComputeStage(Step.ComputeStep step, Expression value, FieldWriter into) {
    this.step = step;
    this.value = value;
    this.into = into;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Rejection check(Row row) {
    try {
      String wrong = into.write(row, value.value(row));
      return wrong == null
          ? null
          : Rejection.failed(NAME, "compute-error", null, step.into(), step.compute(), wrong);
    } catch (ExpressionException failed) {
      return Rejection.failed(
          NAME, "compute-error", null, step.into(), step.compute(), failed.getMessage());
    }
  }
}
