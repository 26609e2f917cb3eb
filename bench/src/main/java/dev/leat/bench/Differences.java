package dev.leat.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares what a system says with what is expected, in words. */
final class Differences {
  private final List<String> found = new ArrayList<>();
  private final List<String> checked = new ArrayList<>();

  private Differences() {}

  /** Whatever the system does not do is passed over, and does not stand in {@link #checked}. */
  static Differences between(Results expected, Results actual) {
    Differences differences = new Differences();
    differences.compare("rows", expected.rows(), actual.rows());
    differences.maps("amount by country", expected.centsByCountry(), actual.centsByCountry());
    differences.compare("duplicates", expected.duplicates(), actual.duplicates());
    differences.compare("refused", expected.refused(), actual.refused());
    differences.maps("window 1", expected.sales(), actual.sales());
    differences.maps("window 2", expected.categories(), actual.categories());
    differences.maps("window 3", expected.visits(), actual.visits());
    return differences;
  }

  /** Nothing if all is equal. */
  List<String> found() {
    return found;
  }

  List<String> checked() {
    return checked;
  }

  private void compare(String what, @Nullable Long expected, @Nullable Long actual) {
    if (actual == null) {
      return;
    }
    checked.add(what);
    if (!Objects.equals(expected, actual)) {
      found.add("%s: expected %s, found %s".formatted(what, expected, actual));
    }
  }

  private <K> void maps(String what, @Nullable Map<K, ?> expected, @Nullable Map<K, ?> actual) {
    if (actual == null || expected == null) {
      return;
    }
    checked.add("%s (%,d)".formatted(what, expected.size()));
    long missing = expected.keySet().stream().filter(key -> !actual.containsKey(key)).count();
    long surplus = actual.keySet().stream().filter(key -> !expected.containsKey(key)).count();
    List<K> other =
        expected.keySet().stream()
            .filter(key -> actual.containsKey(key))
            .filter(key -> !Objects.equals(expected.get(key), actual.get(key)))
            .toList();
    if (missing + surplus + other.size() > 0) {
      String example =
          other.isEmpty()
              ? ""
              : ", such as %s: expected %s, found %s"
                  .formatted(
                      other.getFirst(),
                      expected.get(other.getFirst()),
                      actual.get(other.getFirst()));
      found.add(
          "%s: of %d %d missing, %d surplus, %d different%s"
              .formatted(what, expected.size(), missing, surplus, other.size(), example));
    }
  }
}
