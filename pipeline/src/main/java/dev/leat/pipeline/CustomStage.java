package dev.leat.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * Runs a step of a kind that an extension brought. If it throws, the event is a dead letter and the
 * stream goes on.
 */
final class CustomStage implements Stage {
  private static final String NAME = "enrich";

  private final String kind;
  private final StepRun run;

  CustomStage(String kind, StepRun run) {
    this.kind = kind;
    this.run = run;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Rejection check(Row row) {
    String wrong;
    try {
      wrong = run.apply(row);
    } catch (RuntimeException defect) {
      return Rejection.failed(NAME, "step-error", null, kind, null, defect.toString());
    }
    return wrong == null ? null : Rejection.failed(NAME, "step-failed", null, kind, null, wrong);
  }
}
