package dev.leat.store;

import dev.leat.event.DataSchema;
import dev.leat.event.Disk;
import dev.leat.event.RowChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the catalogue and the table in memory take a step together: first what is durable, then
 * what queries see, then files that neither needs go. Any thread, one step at a time.
 */
final class Commits implements AutoCloseable {
  private final Catalogue catalogue; // guarded by this
  private final Table table;
  private final DataSchema schema;
  private final Disk disk;
  private final int keepVersions;
  private final Map<String, DataFile> expired = new LinkedHashMap<>(); // guarded by this

  Commits(Catalogue catalogue, Table table, DataSchema schema, Disk disk, int keepVersions) {
    this.catalogue = catalogue;
    this.table = table;
    this.schema = schema;
    this.disk = disk;
    this.keepVersions = keepVersions;
  }

  synchronized List<Long> offsets() {
    return catalogue.state().offsets();
  }

  synchronized long version() {
    return catalogue.state().version();
  }

  /** Replaces chunks by files; the offsets are those of the shards named. */
  synchronized long seal(Map<Integer, Long> next, List<DataFile> added, Collection<RowChunk> chunks)
      throws IOException {
    List<Long> offsets = new ArrayList<>(offsets());
    next.forEach(offsets::set);
    return step(offsets, added, Set.of(), chunks);
  }

  /** Replaces files by one with the same rows. */
  synchronized long merge(DataFile added, Set<String> removed) throws IOException {
    return step(offsets(), List.of(added), removed, List.of());
  }

  private synchronized long step(
      List<Long> offsets, List<DataFile> added, Set<String> removed, Collection<RowChunk> chunks)
      throws IOException {
    long version = version() + 1;
    List<DataSchema.Entry> fields = catalogue.state().changed(schema.entries());
    catalogue.commit(
        new CatalogueState.Change(version, offsets, added, List.copyOf(removed), fields));
    table.replace(version, chunks, added, removed);
    removeExpired();
    return version;
  }

  /** A file that a running query may still open waits for a later step. */
  private synchronized void removeExpired() {
    for (DataFile file : catalogue.state().expired(keepVersions)) {
      expired.put(file.path(), file);
    }
    for (DataFile file : table.unread(List.copyOf(expired.values()))) {
      try {
        disk.delete(file.path());
      } catch (IOException failure) {
        // The next start finds it as an orphan.
        System.getLogger(Commits.class.getName())
            .log(System.Logger.Level.WARNING, "could not delete " + file.path(), failure);
      }
      expired.remove(file.path());
    }
  }

  @Override
  public synchronized void close() throws IOException {
    catalogue.close();
  }
}
