package dev.leat.store;

import dev.leat.event.Disk;
import dev.leat.event.EventStore;
import dev.leat.event.OsDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The versions of a store that nobody serves: what there is, whether its files are whole, and the
 * way back to one. It holds the directory until it is closed. For one thread.
 */
public final class StoreVersions implements AutoCloseable {
  private final OsDisk disk;
  private final AutoCloseable lock;
  private final int keepVersions;
  private CatalogueState state;

  private StoreVersions(OsDisk disk, AutoCloseable lock, int keepVersions, CatalogueState state) {
    this.disk = disk;
    this.lock = lock;
    this.keepVersions = keepVersions;
    this.state = state;
  }

  /**
   * Opens a store's directory.
   *
   * @param keepVersions as in {@link StoreOptions}: the same that the store is served with
   * @throws IOException saying why not: there is none, somebody serves it, or it is not whole
   */
  public static StoreVersions open(Path directory, int keepVersions) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException("there is no store in %s".formatted(directory));
    }
    OsDisk disk = new OsDisk(directory);
    AutoCloseable lock = disk.lock(DuckStore.LOCK);
    try {
      return new StoreVersions(disk, lock, keepVersions, Catalogue.look(disk, keepVersions));
    } catch (IOException | RuntimeException failed) {
      StoreParts.closeQuietly(lock);
      throw failed;
    }
  }

  /** The versions that can be gone back to, the present one first. */
  public List<EventStore.Version> list() {
    return VersionList.of(state);
  }

  /** How many files of tables a version has. */
  public int files(long version) {
    return state.filesAt(version).values().stream().mapToInt(List::size).sum();
  }

  /**
   * What is wrong with the tables' files of a version, by their names.
   *
   * @param read whether all of their bytes are compared with their checksums, and not only their
   *     ends
   */
  public Map<String, String> damage(long version, boolean read) throws IOException {
    Map<String, String> damage = new TreeMap<>();
    for (List<DataFile> files : state.filesAt(version).values()) {
      for (DataFile file : files) {
        String problem = Recovery.lookAt(disk, file);
        if (problem.isEmpty() && read) {
          problem = readThrough(file);
        }
        if (!problem.isEmpty()) {
          damage.put(file.path(), problem);
        }
      }
    }
    return damage;
  }

  private String readThrough(DataFile file) {
    Long expected = file.checksum();
    try (Disk.File open = disk.open(file.path())) {
      long checksum = FileChecksum.of(open, file.bytes());
      return expected == null || expected == checksum ? "" : Recovery.DAMAGED;
    } catch (IOException failed) {
      return "can't be read: " + failed.getMessage();
    }
  }

  /**
   * Makes a version the present one, durably; returns the number it gets.
   *
   * @param version one of {@link #list}, or 0 for the beginning
   * @throws IllegalArgumentException if there is no such version
   */
  public long rollback(long version, Instant now) throws IOException {
    try (Catalogue catalogue = Catalogue.open(disk, state.partitions(), keepVersions)) {
      long made =
          VersionList.rollback(catalogue, version, ChronoUnit.MICROS.between(Instant.EPOCH, now));
      state = catalogue.state();
      return made;
    }
  }

  @Override
  public void close() {
    StoreParts.closeQuietly(lock);
  }
}
