package dev.leat.pipeline;

import org.jspecify.annotations.Nullable;

/** Whether the data is what the schema of the stream says. */
final class SchemaStage implements Stage {
  private static final String NAME = "schema";

  private final SchemaCheck check;

  SchemaStage(SchemaCheck check) {
    this.check = check;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Rejection check(Row row) {
    Violation broken = check.check(row);
    return broken == null
        ? null
        : Rejection.failed(
            NAME,
            "schema-broken",
            broken.pointer(),
            broken.keyword(),
            broken.expected(),
            broken.found());
  }
}
