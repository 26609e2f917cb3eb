package dev.leat.trials;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What came of the damages of one type. Any thread. */
final class DamageTally {
  private static final int EXAMPLES = 20;

  final LongAdder flips = new LongAdder();
  final LongAdder cuts = new LongAdder();
  final LongAdder detected = new LongAdder();
  final LongAdder harmless = new LongAdder();
  final LongAdder wrong = new LongAdder();
  private final List<String> examples = new ArrayList<>(); // guarded by this

  void add(Damage damage, DamageCase.Outcome outcome) {
    (damage.cut() ? cuts : flips).increment();
    switch (outcome) {
      case DamageCase.Outcome.Harmless _ -> harmless.increment();
      case DamageCase.Outcome.Detected _ -> detected.increment();
      case DamageCase.Outcome.Wrong is -> {
        wrong.increment();
        example("%s: %s".formatted(damage, is.what()));
      }
    }
  }

  private synchronized void example(String text) {
    if (examples.size() < EXAMPLES) {
      examples.add(text);
    }
  }

  /** Some of the damages that had a wrong outcome. */
  synchronized List<String> examples() {
    return List.copyOf(examples);
  }

  long tried() {
    return flips.sum() + cuts.sum();
  }

  static String header() {
    return "%-12s %9s %10s %11s %10s %10s %7s"
        .formatted("type", "bytes", "flips", "truncations", "detected", "harmless", "wrong");
  }

  String line(String type, long bytes) {
    return "%-12s %9d %10d %11d %10d %10d %7d"
        .formatted(
            type, bytes, flips.sum(), cuts.sum(), detected.sum(), harmless.sum(), wrong.sum());
  }
}
