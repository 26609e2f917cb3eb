package dev.leat.alert;

import dev.leat.alert.Notice.Change;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Makes incidents of findings, and decides who is to be told of what: once for each incident and
 * severity, and of the end if the beginning was told. What is held back by a silence or maintenance
 * is told when that ends, if it is still going on. For one thread.
 */
public final class AlertBook {
  /** Series beyond so many that are out of the ordinary at once are not kept one by one. */
  public static final int MAX_OPEN = 1_000;

  private static final int MAX_RECENT = 200;

  private final Map<Finding.Series, Alert> open = new LinkedHashMap<>();
  private final Deque<Alert> recent = new ArrayDeque<>();
  private long nextId = 1;
  private long overflow;

  /** Takes up the incidents that were open, and the first id that was not given. */
  public void restore(Collection<Alert> alerts, long firstId) {
    alerts.forEach(alert -> open.put(alert.finding().series(), alert));
    nextId = firstId;
  }

  public long nextId() {
    return nextId;
  }

  /** The open ones, the oldest first. */
  public List<Alert> open() {
    return List.copyOf(open.values());
  }

  /** Those that ended, the newest first. */
  public List<Alert> recent() {
    return List.copyOf(recent);
  }

  /** Findings that were not kept because too many were open. */
  public long overflow() {
    return overflow;
  }

  /**
   * Takes in all that is out of the ordinary now.
   *
   * @param unsure series that nothing can be said of now: their incidents stay as they are
   * @param held why nobody is to be told of a series now; empty if somebody is
   * @return what to tell, grouped by alert, change and severity
   */
  public List<Notice> turn(
      Instant now,
      List<Finding> findings,
      Set<Finding.Series> unsure,
      BiFunction<Finding.Series, Instant, String> held) {
    SortedMap<Group, List<Alert>> notices = new TreeMap<>();
    Set<Finding.Series> seen = new HashSet<>(unsure);
    for (Finding finding : findings) {
      Finding.Series series = finding.series();
      Alert before = open.get(series);
      if (!seen.add(series) && before != null && !unsure.contains(series)) {
        continue;
      }
      if (before == null && open.size() >= MAX_OPEN) {
        overflow++;
        continue;
      }
      Alert alert =
          before == null
              ? new Alert(nextId++, finding, finding.severity(), now, null, Set.of(), "")
              : before.found(finding);
      alert = alert.held(held.apply(series, now));
      if (alert.held().isEmpty() && !alert.told().contains(alert.severity())) {
        alert = alert.toldNow();
        add(notices, Change.FIRING, alert);
      }
      open.put(series, alert);
    }
    for (Finding.Series series : List.copyOf(open.keySet())) {
      if (!seen.contains(series)) {
        Alert over = Objects.requireNonNull(open.remove(series)).over(now);
        if (!over.told().isEmpty()) {
          add(notices, Change.RESOLVED, over);
        }
        recent.addFirst(over);
        while (recent.size() > MAX_RECENT) {
          recent.removeLast();
        }
      }
    }
    List<Notice> told = new ArrayList<>();
    notices.forEach(
        (group, alerts) ->
            told.add(new Notice(group.alert(), group.change(), group.severity(), alerts, now)));
    return told;
  }

  private static void add(SortedMap<Group, List<Alert>> notices, Change change, Alert alert) {
    Group group = new Group(alert.finding().alert(), change, alert.severity());
    notices.computeIfAbsent(group, _ -> new ArrayList<>()).add(alert);
  }

  /** What is told in one go. */
  private record Group(String alert, Change change, Severity severity)
      implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      int byAlert = alert.compareTo(other.alert);
      int byChange = byAlert != 0 ? byAlert : change.compareTo(other.change);
      return byChange != 0 ? byChange : severity.compareTo(other.severity);
    }
  }
}
