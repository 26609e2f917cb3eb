package dev.leat.store;

import dev.leat.event.DataSchema;
import dev.leat.event.Disk;
import dev.leat.event.EventStore;
import dev.leat.event.EventStore.Cut;
import dev.leat.event.RowChunk;
import dev.leat.store.CatalogueState.TableChange;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the catalogue and the tables in memory take a step together: first what is durable, then
 * what queries see, then files that neither needs go. Any thread, one step at a time.
 */
final class Commits implements AutoCloseable {
  private final Catalogue catalogue; // guarded by this
  private final Tables tables;
  private final Definitions definitions;
  private final Disk disk;
  private final FileCheck check;
  private final InstantSource clock;
  private final Map<String, DataFile> unneeded = new LinkedHashMap<>(); // guarded by this

  /** Merged files that a catalogue which could not be written may name; guarded by this. */
  private final Map<String, DataFile> doubtful = new LinkedHashMap<>();

  Commits(
      Catalogue catalogue,
      Tables tables,
      Definitions definitions,
      Disk disk,
      FileCheck check,
      InstantSource clock) {
    this.catalogue = catalogue;
    this.tables = tables;
    this.definitions = definitions;
    this.disk = disk;
    this.check = check;
    this.clock = clock;
  }

  synchronized long next() {
    return catalogue.state().position().next();
  }

  synchronized byte[] state() {
    return Base64.getDecoder().decode(catalogue.state().position().state());
  }

  /** The versions that can be gone back to, newest first. */
  synchronized List<EventStore.Version> versions() {
    return VersionList.of(catalogue.state());
  }

  /**
   * Makes an older version the present one. The tables in memory are not what they should be any
   * more: the store has to be opened anew.
   *
   * @return the number it gets
   * @throws IllegalArgumentException if it is not kept
   */
  synchronized long rollback(long to) throws IOException {
    return VersionList.rollback(catalogue, to, now());
  }

  private long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  synchronized long version() {
    return catalogue.state().version();
  }

  /** Replaces the chunks of a cut by files of the tables named, and moves on to its offset. */
  synchronized long seal(
      Cut cut, byte[] state, Map<String, List<DataFile>> added, Collection<RowChunk> chunks)
      throws IOException {
    SortedMap<String, TableChange> changes = new TreeMap<>();
    added.forEach((table, files) -> changes.put(table, TableChange.adding(files)));
    addDefinitions(changes, cut.fields());
    return step(cut.nextOffset(), Base64.getEncoder().encodeToString(state), changes, chunks);
  }

  /** Replaces files of a table by one with the same rows. */
  synchronized long merge(String table, DataFile added, List<String> removed) throws IOException {
    SortedMap<String, TableChange> changes = new TreeMap<>();
    changes.put(table, TableChange.merging(added, removed));
    try {
      return step(next(), null, changes, List.of());
    } catch (IOException failure) {
      doubtful.put(added.path(), added);
      throw failure;
    }
  }

  /**
   * Refuses to go on where nothing that is written would be found again.
   *
   * @throws IOException if the directory is not where it was
   */
  synchronized void checkPlace() throws IOException {
    catalogue.checkPlace();
  }

  /** Drops files of the tables named, because their rows have stayed as long as they were to. */
  synchronized long expire(Map<String, List<String>> paths) throws IOException {
    SortedMap<String, TableChange> changes = new TreeMap<>();
    paths.forEach((table, files) -> changes.put(table, TableChange.expiring(files)));
    return step(next(), null, changes, List.of());
  }

  /** Writes down the checksums of files that have none, those that are still there. */
  synchronized void note(Map<String, Long> checksums) throws IOException {
    SortedMap<String, TableChange> changes = new TreeMap<>();
    catalogue
        .state()
        .tables()
        .forEach(
            (name, table) -> {
              Map<String, Long> of = new TreeMap<>();
              for (DataFile file : table.present()) {
                Long checksum = checksums.get(file.path());
                if (checksum != null && file.checksum() == null) {
                  of.put(file.path(), checksum);
                }
              }
              if (!of.isEmpty()) {
                changes.put(name, TableChange.noting(of));
              }
            });
    if (!changes.isEmpty()) {
      step(next(), null, changes, List.of());
    }
  }

  private synchronized long step(
      long next,
      @Nullable String state,
      SortedMap<String, TableChange> changes,
      Collection<RowChunk> chunks)
      throws IOException {
    long version = version() + 1;
    catalogue.commit(new CatalogueState.Change(version, next, state, now(), changes));
    tables.replace(version, chunks, changes);
    // Now the catalogue is known again, and does not name them.
    unneeded.putAll(doubtful);
    doubtful.clear();
    removeUnneeded();
    return version;
  }

  /**
   * Writes down what was defined, and what fields came up to the cut. Other steps write down
   * neither: the position stays, and fields have to be those of the position.
   */
  private synchronized void addDefinitions(
      SortedMap<String, TableChange> changes, Map<String, List<DataSchema.Entry>> fieldsAtCut) {
    for (Definitions.Definition table : definitions.all()) {
      CatalogueState.TableState known = catalogue.state().tables().get(table.name());
      boolean sameSpec = known != null && known.spec().equals(table.spec());
      List<DataSchema.Entry> entries = fieldsAtCut.getOrDefault(table.name(), List.of());
      List<DataSchema.Entry> fields = known == null ? entries : known.changed(entries);
      if (!sameSpec || !fields.isEmpty()) {
        TableChange change = changes.getOrDefault(table.name(), TableChange.NONE);
        changes.put(table.name(), change.with(sameSpec ? null : table.spec(), fields));
      }
    }
  }

  /** A file that a running query may still open waits for a later step. */
  private synchronized void removeUnneeded() {
    for (DataFile file : catalogue.state().unneeded()) {
      unneeded.put(file.path(), file);
    }
    for (DataFile file : tables.unread(List.copyOf(unneeded.values()))) {
      try {
        disk.delete(file.path());
        check.forget(file.path());
      } catch (IOException failure) {
        // The next start finds it as an orphan.
        System.getLogger(Commits.class.getName())
            .log(System.Logger.Level.WARNING, "could not delete " + file.path(), failure);
      }
      unneeded.remove(file.path());
    }
  }

  @Override
  public synchronized void close() throws IOException {
    catalogue.close();
  }
}
