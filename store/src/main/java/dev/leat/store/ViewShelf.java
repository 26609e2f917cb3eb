package dev.leat.store;

import dev.leat.event.EventStore.Reason;
import dev.leat.event.ViewSpec;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The views there are and the present result of each. A result is replaced in one step; the files
 * of the old one stay until nobody reads them. Any thread.
 */
final class ViewShelf {
  /** Why a view has no result for a moment. */
  static final String DAMAGED = "its files are damaged, it is being computed anew";

  private static final String NEVER = "not computed yet";

  private final ViewFiles files;
  private final Map<String, Entry> entries = new LinkedHashMap<>(); // guarded by this: in order
  private final Map<String, Integer> readers = new HashMap<>(); // guarded by this: by path
  private final Set<String> unneeded = new HashSet<>(); // guarded by this: paths
  private final Set<String> damaged = new HashSet<>(); // guarded by this: views to compute anew

  /** A view, its result if it was ever computed, and what keeps it from being up to date. */
  record Entry(ViewSpec spec, @Nullable ViewResult result, String problem) {
    ViewSpec.Status status() {
      boolean incremental = spec.refresh() == null;
      return result == null
          ? new ViewSpec.Status(
              spec.name(), incremental, -1, 0, 0, problem.isEmpty() ? NEVER : problem)
          : new ViewSpec.Status(
              spec.name(), incremental, result.asOf(), result.asOfMicros(), result.rows(), problem);
    }
  }

  ViewShelf(ViewFiles files) {
    this.files = files;
  }

  /** Results that don't change until this is closed. */
  final class Lease implements AutoCloseable {
    private final Map<String, Entry> leased;

    private Lease(Map<String, Entry> leased) {
      this.leased = leased;
    }

    /** Refuses to read a view that has no result. */
    void require(String view) throws SqlRefused {
      Entry entry = leased.get(view);
      if (entry == null || entry.result() == null) {
        String problem = entry == null || entry.problem().isEmpty() ? NEVER : entry.problem();
        throw noResult(view, problem);
      }
    }

    Map<String, ViewResult> results() {
      Map<String, ViewResult> results = new TreeMap<>();
      leased.forEach(
          (name, entry) -> {
            ViewResult result = entry.result();
            if (result != null) {
              results.put(name, result);
            }
          });
      return results;
    }

    Map<String, ViewSpec.Status> statuses() {
      Map<String, ViewSpec.Status> statuses = new TreeMap<>();
      leased.forEach((name, entry) -> statuses.put(name, entry.status()));
      return statuses;
    }

    @Override
    public void close() {
      release(results().values());
    }
  }

  static SqlRefused noResult(String view, String problem) {
    return new SqlRefused(
        Reason.BUSY, "the view %s has no result to read: %s".formatted(view, problem));
  }

  /**
   * Whether the files of a view's result are as they were written. If they are not, the result is
   * shown no more, and is to be computed anew.
   */
  boolean isSound(String view, ViewResult result) throws IOException {
    if (files.isSound(result)) {
      return true;
    }
    if (dropDamaged(view, result)) {
      System.getLogger(ViewShelf.class.getName())
          .log(System.Logger.Level.ERROR, "the view " + view + " is damaged and computed anew");
    }
    return false;
  }

  private synchronized boolean dropDamaged(String view, ViewResult result) {
    Entry entry = entries.get(view);
    if (entry == null || entry.result() == null || !entry.result().parts().equals(result.parts())) {
      return false;
    }
    entries.put(view, new Entry(entry.spec(), null, DAMAGED));
    damaged.add(view);
    retire(result);
    return true;
  }

  /** Whether a view was damaged and nobody took it upon himself to compute it anew. */
  synchronized boolean takeDamaged(String view) {
    return damaged.remove(view);
  }

  synchronized Lease lease(Collection<String> views) {
    Map<String, Entry> leased = new TreeMap<>();
    for (String view : views) {
      Entry entry = entries.get(view);
      if (entry != null) {
        leased.put(view, entry);
        if (entry.result() != null) {
          entry.result().parts().forEach(part -> readers.merge(part.path(), 1, Integer::sum));
        }
      }
    }
    return new Lease(leased);
  }

  private synchronized void release(Collection<ViewResult> results) {
    for (ViewResult result : results) {
      for (ViewResult.Part part : result.parts()) {
        readers.computeIfPresent(part.path(), (_, count) -> count == 1 ? null : count - 1);
      }
    }
    deleteUnread();
  }

  private synchronized void deleteUnread() {
    for (String path : List.copyOf(unneeded)) {
      if (!readers.containsKey(path)) {
        unneeded.remove(path);
        files.delete(path);
      }
    }
  }

  /** Has these views and no others; a result that is still right stays. */
  synchronized void set(List<ViewSpec> specs, Map<String, ViewResult> found) {
    Map<String, Entry> before = Map.copyOf(entries);
    entries.clear();
    for (ViewSpec spec : specs) {
      Entry known = before.get(spec.name());
      ViewResult result = known == null ? found.get(spec.name()) : known.result();
      boolean right = result != null && result.select().equals(spec.select());
      entries.put(spec.name(), new Entry(spec, right ? result : null, ""));
    }
    before.values().forEach(entry -> retire(entry.result()));
    found.values().forEach(this::retire);
    deleteUnread();
  }

  /** Marks the files of a result that no view has any more. */
  private synchronized void retire(@Nullable ViewResult result) {
    if (result == null) {
      return;
    }
    Set<String> needed =
        entries.values().stream()
            .map(Entry::result)
            .flatMap(present -> present == null ? null : present.parts().stream())
            .map(ViewResult.Part::path)
            .collect(Collectors.toSet());
    result.parts().stream()
        .map(ViewResult.Part::path)
        .filter(path -> !needed.contains(path))
        .forEach(unneeded::add);
  }

  /** Shows another result, if the view is still there; says whether. */
  synchronized boolean replace(ViewSpec spec, ViewResult result) {
    Entry entry = entries.get(spec.name());
    if (entry == null || !entry.spec().equals(spec)) {
      return false;
    }
    entries.put(spec.name(), new Entry(spec, result, ""));
    // A view that had another definition for a while may show again what was to be deleted.
    result.parts().forEach(part -> unneeded.remove(part.path()));
    retire(entry.result());
    deleteUnread();
    return true;
  }

  /** Says what keeps a view from being up to date. */
  synchronized void problem(ViewSpec spec, String problem) {
    Entry entry = entries.get(spec.name());
    if (entry != null && entry.spec().equals(spec)) {
      entries.put(spec.name(), new Entry(spec, entry.result(), problem));
    }
  }

  /** Changes when the result of a view does. */
  synchronized String edition(String view) {
    Entry entry = entries.get(view);
    return entry == null || entry.result() == null
        ? view
        : "%s below %d: %s".formatted(view, entry.result().asOf(), entry.result().parts());
  }

  /** All views, in their order. */
  synchronized List<Entry> all() {
    return List.copyOf(entries.values());
  }

  synchronized List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /** The views before one, which it may name. */
  synchronized List<String> before(String view) {
    return entries.keySet().stream().takeWhile(name -> !name.equals(view)).toList();
  }
}
