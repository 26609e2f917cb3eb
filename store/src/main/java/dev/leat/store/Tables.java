package dev.leat.store;

import dev.leat.event.EventStore.Tally;
import dev.leat.event.RowChunk;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The present {@link Snapshot}, how far its rows reach, and who still reads older ones. Changes are
 * steps from one immutable snapshot to the next, under the lock; a publish takes the lock too, so
 * that who takes it sees the rows of all tables up to one offset. Any thread.
 */
final class Tables {
  private Snapshot current; // guarded by this
  private long nextOffset; // guarded by this
  private final TreeMap<Long, Integer> leases =
      new TreeMap<>(); // guarded by this: version -> readers

  Tables(Snapshot current, long nextOffset) {
    this.current = current;
    this.nextOffset = nextOffset;
  }

  /** All rows published up to one offset, the files of which stay where they are until closed. */
  final class Lease implements AutoCloseable {
    private final Moment moment;

    private Lease(Moment moment) {
      this.moment = moment;
    }

    Moment moment() {
      return moment;
    }

    @Override
    public void close() {
      release(moment.snapshot.version());
    }
  }

  /** What was there when everything below {@code nextOffset}, and nothing else, was published. */
  record Moment(Snapshot snapshot, Map<String, List<RowChunk.View>> views, long nextOffset) {
    List<RowChunk.View> views(String table) {
      return views.getOrDefault(table, List.of());
    }

    List<DataFile> files(String table) {
      return snapshot.of(table).files();
    }

    boolean isEmpty(String table) {
      return isEmptyFrom(table, Long.MIN_VALUE);
    }

    /** Rows in memory that may hold events from an offset on: those of a chunk are in its order. */
    List<RowChunk.View> viewsFrom(String table, long offset) {
      return views(table).stream()
          .filter(view -> view.chunk().offset.get(view.rows() - 1) >= offset)
          .toList();
    }

    /** Files that may hold events from an offset on. */
    List<DataFile> filesFrom(String table, long offset) {
      return files(table).stream().filter(file -> file.span().maxOffset() >= offset).toList();
    }

    boolean isEmptyFrom(String table, long offset) {
      return filesFrom(table, offset).isEmpty() && viewsFrom(table, offset).isEmpty();
    }

    private long rows(String table) {
      return snapshot.of(table).expiredRows()
          + files(table).stream().mapToLong(DataFile::rows).sum()
          + views(table).stream().mapToLong(RowChunk.View::rows).sum();
    }
  }

  synchronized Snapshot snapshot() {
    return current;
  }

  synchronized Lease lease() {
    leases.merge(current.version(), 1, Integer::sum);
    return new Lease(moment());
  }

  private synchronized Moment moment() {
    Map<String, List<RowChunk.View>> views = new HashMap<>();
    current.tables().forEach((table, rows) -> views.put(table, rows.views()));
    return new Moment(current, views, nextOffset);
  }

  private synchronized void release(long version) {
    leases.computeIfPresent(version, (_, readers) -> readers == 1 ? null : readers - 1);
  }

  /** The rows of these tables, counted where they are. */
  Tally tally(Collection<String> tables) {
    Moment moment = moment();
    Map<String, Long> rows = new HashMap<>();
    for (String table : tables) {
      rows.put(table, moment.rows(table));
    }
    moment.snapshot().tables().keySet().forEach(table -> rows.put(table, moment.rows(table)));
    return new Tally(moment.nextOffset(), rows);
  }

  /** Of the files, those that nobody who reads now can have seen. */
  synchronized List<DataFile> unread(List<DataFile> removed) {
    long oldest = leases.isEmpty() ? Long.MAX_VALUE : leases.firstKey();
    return removed.stream().filter(file -> file.removedVersion() <= oldest).toList();
  }

  synchronized void add(String table, RowChunk chunk) {
    current = current.with(table, rows -> rows.plus(chunk));
  }

  /** Shows what was written to the chunks, together with the offset that it reaches. */
  synchronized void publish(Collection<RowChunk> chunks, long next) {
    chunks.forEach(RowChunk::publish);
    nextOffset = next;
  }

  /** Shows the rows of a file no more, because it is not what was written. */
  synchronized void drop(String table, String path) {
    current =
        current.with(
            table,
            rows ->
                new Snapshot.Rows(
                    rows.files().stream().filter(file -> !file.path().equals(path)).toList(),
                    rows.chunks(),
                    rows.expiredRows()));
  }

  /** Whether all these chunks are here, that is: in no commit yet. */
  boolean holds(Collection<RowChunk> chunks) {
    Set<RowChunk> known = identities(List.of());
    snapshot().tables().values().forEach(rows -> known.addAll(rows.chunks()));
    return known.containsAll(chunks);
  }

  /** The step of a commit: chunks go, and files come and go. */
  synchronized void replace(
      long version, Collection<RowChunk> chunks, Map<String, CatalogueState.TableChange> changes) {
    Set<RowChunk> gone = identities(chunks);
    Map<String, Snapshot.Rows> next = new TreeMap<>();
    current.tables().forEach((table, rows) -> next.put(table, without(rows, gone)));
    changes.forEach(
        (table, change) ->
            next.put(table, changed(next.getOrDefault(table, Snapshot.Rows.NONE), change)));
    current = new Snapshot(version, next);
  }

  private static Snapshot.Rows without(Snapshot.Rows rows, Set<RowChunk> gone) {
    return new Snapshot.Rows(
        rows.files(),
        rows.chunks().stream().filter(chunk -> !gone.contains(chunk)).toList(),
        rows.expiredRows());
  }

  private static Snapshot.Rows changed(Snapshot.Rows rows, CatalogueState.TableChange change) {
    List<DataFile> files = new ArrayList<>();
    long expired = rows.expiredRows();
    for (DataFile file : rows.files()) {
      if (change.expired().contains(file.path())) {
        expired += file.rows();
      } else if (!change.removed().contains(file.path())) {
        files.add(file);
      }
    }
    files.addAll(change.added());
    return new Snapshot.Rows(files, rows.chunks(), expired);
  }

  private static Set<RowChunk> identities(Collection<RowChunk> chunks) {
    Set<RowChunk> identities = Collections.newSetFromMap(new IdentityHashMap<>());
    identities.addAll(chunks);
    return identities;
  }
}
