package dev.leat.store;

import dev.leat.event.RowChunk;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The present {@link Snapshot} and who still reads older ones. Changes are steps from one immutable
 * snapshot to the next, under the lock; reading takes the lock only to note the lease. Any thread.
 */
final class Table {
  private Snapshot current; // guarded by this
  private final TreeMap<Long, Integer> leases =
      new TreeMap<>(); // guarded by this: version -> readers

  Table(Snapshot current) {
    this.current = current;
  }

  /** A snapshot whose files stay where they are until this is closed. */
  final class Lease implements AutoCloseable {
    private final Snapshot snapshot;

    private Lease(Snapshot snapshot) {
      this.snapshot = snapshot;
    }

    Snapshot snapshot() {
      return snapshot;
    }

    @Override
    public void close() {
      release(snapshot.version());
    }
  }

  synchronized Snapshot snapshot() {
    return current;
  }

  synchronized Lease lease() {
    leases.merge(current.version(), 1, Integer::sum);
    return new Lease(current);
  }

  private synchronized void release(long version) {
    leases.computeIfPresent(version, (_, readers) -> readers == 1 ? null : readers - 1);
  }

  /** Of the files, those that nobody who reads now can have seen. */
  synchronized List<DataFile> unread(List<DataFile> removed) {
    long oldest = leases.isEmpty() ? Long.MAX_VALUE : leases.firstKey();
    return removed.stream().filter(file -> file.removedVersion() <= oldest).toList();
  }

  synchronized void add(RowChunk chunk) {
    List<RowChunk> chunks = new ArrayList<>(current.chunks());
    chunks.add(chunk);
    current = new Snapshot(current.version(), current.files(), chunks);
  }

  /** Whether all these chunks are here, that is: in no commit yet. */
  synchronized boolean holds(Collection<RowChunk> chunks) {
    return identities(current.chunks()).containsAll(chunks);
  }

  /** The step of a commit: chunks go, and files come and go. */
  synchronized void replace(
      long version, Collection<RowChunk> chunks, Collection<DataFile> added, Set<String> removed) {
    Set<RowChunk> gone = identities(chunks);
    List<RowChunk> rest = current.chunks().stream().filter(chunk -> !gone.contains(chunk)).toList();
    List<DataFile> files = new ArrayList<>();
    for (DataFile file : current.files()) {
      if (!removed.contains(file.path())) {
        files.add(file);
      }
    }
    files.addAll(added);
    current = new Snapshot(version, files, rest);
  }

  /** Drops files that can't be read, so that queries see the rest. */
  synchronized void drop(Set<String> unreadable) {
    replace(current.version(), new HashSet<>(), List.of(), unreadable);
  }

  private static Set<RowChunk> identities(Collection<RowChunk> chunks) {
    Set<RowChunk> identities = Collections.newSetFromMap(new IdentityHashMap<>());
    identities.addAll(chunks);
    return identities;
  }
}
