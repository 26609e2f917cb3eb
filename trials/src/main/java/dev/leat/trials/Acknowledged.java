package dev.leat.trials;

import dev.leat.event.EventLog.Append;
import dev.leat.trials.SimShop.Event;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/** What producers were told is kept, by its place in the log. For one thread at a time. */
final class Acknowledged {
  private final NavigableMap<Long, Event> events = new TreeMap<>();

  void add(Append.Kept kept, List<Event> batch, World world) {
    if (kept.lastOffset() - kept.firstOffset() + 1 != batch.size()) {
      world.fail(new AssertionError("%s for %d events".formatted(kept, batch.size())));
    }
    for (int i = 0; i < batch.size(); i++) {
      Event before = events.put(kept.firstOffset() + i, batch.get(i));
      if (before != null) {
        world.fail(
            new AssertionError(
                "offset %d was given to %s and to %s"
                    .formatted(kept.firstOffset() + i, before.id(), batch.get(i).id())));
      }
    }
  }

  /** Those below an offset. */
  Map<Long, Event> below(long offset) {
    return events.headMap(offset, false);
  }

  /** The offset after the last of them. */
  long end() {
    return events.isEmpty() ? 0 : events.lastKey() + 1;
  }

  /** Forgets those from an offset on, and returns how many. */
  int forgetFrom(long offset) {
    Map<Long, Event> behind = events.tailMap(offset, true);
    int many = behind.size();
    behind.clear();
    return many;
  }

  /** Forgets those whose offsets fail a test, and returns how many. */
  int forgetUnless(LongPredicate present) {
    int before = events.size();
    events.keySet().removeIf(offset -> !present.test(offset));
    return before - events.size();
  }

  int size() {
    return events.size();
  }
}
