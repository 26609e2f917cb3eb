package dev.leat.trials;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * A clock that is set to another time while it runs. Any thread.
 *
 * @param steps in the order of their time
 * @param startNanos when the process began, by {@link System#nanoTime}
 */
record JumpingClock(List<Step> steps, long startNanos) implements InstantSource {
  /**
   * From so long after the start on, the clock is wrong by so much.
   *
   * @param wrongSeconds ahead if positive
   */
  record Step(long afterMillis, long wrongSeconds) {}

  /** Steps as an argument: {@code 0/3600,1500/-86400}. */
  static JumpingClock parse(String text) {
    List<Step> steps = new ArrayList<>();
    for (String step : text.split(",", -1)) {
      String[] parts = step.split("/", -1);
      steps.add(new Step(Long.parseLong(parts[0]), Long.parseLong(parts[1])));
    }
    return new JumpingClock(List.copyOf(steps), System.nanoTime());
  }

  @Override
  public Instant instant() {
    long millis = (System.nanoTime() - startNanos) / 1_000_000;
    long wrong = 0;
    for (Step step : steps) {
      wrong = step.afterMillis() <= millis ? step.wrongSeconds() : wrong;
    }
    return Instant.now().plus(Duration.ofSeconds(wrong));
  }
}
