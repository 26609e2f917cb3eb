package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * Whether a rule holds. A rule that can't be evaluated for an event makes it a dead letter,
 * whatever the rule does with events that break it: nobody decided that about it.
 */
final class RuleStage implements Stage {
  private static final String NAME = "rule";

  private final StreamSpec.Rule rule;
  private final Expression check;
  private final byte[] name;

  RuleStage(StreamSpec.Rule rule, Expression check) {
    this.rule = rule;
    this.check = check;
    this.name = rule.name().getBytes(UTF_8);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Rejection check(Row row) {
    try {
      if (check.test(row)) {
        return null;
      }
    } catch (ExpressionException failed) {
      return Rejection.failed(
          NAME, "rule-error", null, rule.name(), rule.check(), failed.getMessage());
    }
    return switch (rule.otherwise()) {
      case DEAD_LETTER ->
          Rejection.failed(NAME, "rule-broken", null, rule.name(), rule.check(), null);
      case DROP -> new Rejection.Dropped(rule.name());
      case FLAG -> {
        row.flag(name);
        yield null;
      }
    };
  }
}
