package dev.leat.server;

import dev.leat.alert.Calendar;
import dev.leat.alert.Finding;
import dev.leat.alert.Silence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** The silences there are, and the maintenance of the definition. Safe for any thread. */
final class Silences {
  static final int MAX = 500;

  private final List<Silence> silences = new ArrayList<>(); // guarded by this
  private long nextId = 1; // guarded by this
  private Calendar calendar = Calendar.EMPTY; // guarded by this
  private boolean changed; // guarded by this

  synchronized void restore(List<Silence> kept, long firstId) {
    silences.clear();
    silences.addAll(kept);
    nextId = firstId;
  }

  synchronized void maintain(Calendar next) {
    calendar = next;
  }

  /**
   * Adds one.
   *
   * @throws IllegalStateException if there are too many
   */
  synchronized Silence add(
      String alert,
      SortedMap<String, String> labels,
      Instant from,
      Instant to,
      String by,
      String why) {
    if (silences.size() >= MAX) {
      throw new IllegalStateException("there are %d silences already; remove one".formatted(MAX));
    }
    Silence silence = new Silence(nextId, alert, labels, from, to, by, why);
    nextId++;
    silences.add(silence);
    changed = true;
    return silence;
  }

  /** Removes one; false if there is none of this number. */
  synchronized boolean remove(long id) {
    boolean removed = silences.removeIf(silence -> silence.id() == id);
    changed |= removed;
    return removed;
  }

  /** Forgets those that are over. */
  synchronized void turn(Instant now) {
    changed |= silences.removeIf(silence -> !now.isBefore(silence.to()));
  }

  /** Whether they differ from those that were asked for last time. */
  synchronized boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  synchronized List<Silence> all() {
    return List.copyOf(silences);
  }

  synchronized long nextId() {
    return nextId;
  }

  /** Why nobody is to be told of a series; empty if somebody is. */
  synchronized String holds(Finding.Series series, Instant now) {
    for (Silence silence : silences) {
      if (silence.covers(series, now)) {
        return "silence %d until %s".formatted(silence.id(), silence.to());
      }
    }
    return calendar.covers(series.alert(), now) ? "maintenance" : "";
  }
}
