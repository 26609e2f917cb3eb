package dev.leat.store;

import dev.leat.event.Disk;
import dev.leat.event.EventStore;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Compares each file of a table with its checksum, once in the life of the process and before a row
 * of it shows in an answer or gets into another file. A file that is not as it was written is set
 * aside under another name, its rows are taken out of the tables, and it is reported for as long as
 * the process lives; the next start finds it set aside. Any thread.
 *
 * <p>What rots on the medium after the comparison is not found before the next start, unless DuckDB
 * stumbles over it: within a process pages come from the memory of the operating system as a rule.
 */
final class FileCheck {
  private static final System.Logger LOG = System.getLogger(FileCheck.class.getName());

  private final Disk disk;
  private final Tables tables;
  private final Set<String> sound = ConcurrentHashMap.newKeySet();
  private final Map<String, DamagedFile> damaged = new ConcurrentSkipListMap<>();

  /** Checksums of files that came without one, by path. */
  private final Map<String, Long> computed = new ConcurrentHashMap<>();

  /**
   * For tables without the files that the start has found damaged.
   *
   * @param found those files
   */
  FileCheck(Disk disk, Tables tables, Collection<DamagedFile> found) {
    this.disk = disk;
    this.tables = tables;
    found.forEach(file -> damaged.put(file.file().path(), file));
  }

  /**
   * Whether a file of the table is as it was written. A file without a checksum, which an earlier
   * version wrote, is taken for that, and gets one.
   *
   * @throws IOException if that can't be said now, because the file can't be read
   */
  boolean isSound(String table, DataFile file) throws IOException {
    return sound.contains(file.path()) || look(table, file);
  }

  /** One at a time, so that none opens what another sets aside. */
  private synchronized boolean look(String table, DataFile file) throws IOException {
    String path = file.path();
    if (sound.contains(path)) {
      return true;
    }
    if (damaged.containsKey(path)) {
      return false;
    }
    if (!matches(file)) {
      setAside(table, file);
      return false;
    }
    sound.add(path);
    return true;
  }

  private boolean matches(DataFile file) throws IOException {
    if (!disk.exists(file.path())) {
      return false;
    }
    try (Disk.File open = disk.open(file.path())) {
      if (open.size() != file.bytes()) {
        return false;
      }
      long checksum = FileChecksum.of(open, file.bytes());
      Long expected = file.checksum();
      if (expected == null) {
        computed.put(file.path(), checksum);
      }
      return expected == null || expected == checksum;
    } catch (IOException failed) {
      throw new IOException(
          "%s can't be read: %s".formatted(file.path(), failed.getMessage()), failed);
    }
  }

  private void setAside(String table, DataFile file) throws IOException {
    DamagedFile found = new DamagedFile(table, file, Recovery.SET_ASIDE);
    damaged.put(file.path(), found);
    // Statements that run had to ask before they read it, so nobody reads what is renamed.
    tables.drop(table, file.path());
    LOG.log(Level.ERROR, found.text());
    if (disk.exists(file.path())) {
      disk.rename(file.path(), file.path() + Recovery.ASIDE);
    }
  }

  /** A file is gone for good. */
  void forget(String path) {
    sound.remove(path);
    computed.remove(path);
  }

  /** Whether rows of the table are missing. */
  boolean isDamaged(String table) {
    return damaged.values().stream().anyMatch(file -> file.table().equals(table));
  }

  /** In words for the operator; empty if nothing is wrong. */
  List<String> problems() {
    return damaged.values().stream().map(DamagedFile::text).toList();
  }

  List<EventStore.LostRows> lost() {
    return damaged.values().stream().map(DamagedFile::lost).toList();
  }

  /** Takes the checksums of files that came without one. */
  Map<String, Long> takeComputed() {
    Map<String, Long> all = new TreeMap<>(computed);
    computed.keySet().removeAll(all.keySet());
    return all;
  }

  /**
   * Looks at a file, unless it is one of the table's no more.
   *
   * @throws IOException if it can't be read
   */
  void look(Unchecked file) throws IOException {
    // Files of the moment that is leased stay.
    try (Tables.Lease lease = tables.lease()) {
      if (lease.moment().files(file.table()).contains(file.file())) {
        isSound(file.table(), file.file());
      }
    }
  }

  /** A file that nothing was said about yet. */
  record Unchecked(String table, DataFile file) {}

  /** The files that no one has asked about, those with the newest events first. */
  List<Unchecked> unchecked() {
    List<Unchecked> all = new ArrayList<>();
    tables
        .snapshot()
        .tables()
        .forEach(
            (table, rows) ->
                rows.files().stream()
                    .filter(file -> !sound.contains(file.path()))
                    .forEach(file -> all.add(new Unchecked(table, file))));
    all.sort(
        Comparator.comparingLong((Unchecked each) -> each.file().span().maxOffset()).reversed());
    return all;
  }
}
