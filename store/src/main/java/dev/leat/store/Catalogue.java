package dev.leat.store;

import dev.leat.event.Disk;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tables there are and which files make them up, durably. A file of checksummed records, each
 * written twice in a row: a whole state first, then one record per commit, forced before the commit
 * counts. A copy that rots costs nothing; only when both do, the commits from there on are lost.
 * When the records outweigh the state, the file is written anew beside the old one and renamed over
 * it.
 *
 * <p>After a failed write nothing is known about the file's tail, so the next commit writes the
 * whole file anew instead of appending. Guarded by its owner's lock: one call at a time.
 */
final class Catalogue implements AutoCloseable {
  static final String NAME = "catalogue.log";

  private static final System.Logger LOG = System.getLogger(Catalogue.class.getName());

  private static final String TEMPORARY = "catalogue.tmp";
  private static final String DIRECTORY = "";
  private static final long MIN_REWRITE_BYTES = 1 << 20;
  private static final int REWRITE_FACTOR = 2;

  private final Disk disk;
  private final int keepVersions;
  private final String damage;

  private CatalogueState state;
  private Disk.@Nullable File file;
  private long end;
  private long stateBytes;

  private Catalogue(Disk disk, int keepVersions, CatalogueState state, String damage) {
    this.disk = disk;
    this.keepVersions = keepVersions;
    this.state = state;
    this.damage = damage;
  }

  /**
   * What the catalogue at the root of the disk says, without a change to anything.
   *
   * @throws IOException if there is none, or it is damaged beyond its tail, or of another version
   */
  static CatalogueState look(Disk disk, int keepVersions) throws IOException {
    if (!disk.exists(NAME)) {
      throw new IOException("there is no %s in it".formatted(NAME));
    }
    byte[] bytes;
    try (Disk.File file = disk.open(NAME)) {
      bytes = readAll(file);
    }
    Journal.Contents contents = Journal.read(bytes);
    String foreign = foreign(bytes, contents);
    if (!foreign.isEmpty()) {
      throw new IOException(foreign);
    }
    Replay replay = replay(contents.payloads(), keepVersions);
    CatalogueState found = replay.state();
    if (found == null || replay.lost()) {
      throw new IOException(
          "%s is damaged: start Leat, which sets it aside and goes on with what is left"
              .formatted(NAME));
    }
    return found;
  }

  /** Opens the catalogue at the root of the disk, or begins one. A tail torn by a crash is cut. */
  static Catalogue open(Disk disk, int partitions, int keepVersions) throws IOException {
    disk.delete(TEMPORARY);
    if (!disk.exists(NAME)) {
      Catalogue fresh = new Catalogue(disk, keepVersions, CatalogueState.empty(partitions), "");
      fresh.rewrite();
      return fresh;
    }
    Disk.File file = disk.open(NAME);
    byte[] bytes = readAll(file);
    Journal.Contents contents = Journal.read(bytes);
    String foreign = foreign(bytes, contents);
    if (!foreign.isEmpty()) {
      file.close();
      throw new IOException(foreign);
    }
    Replay replay = replay(contents.payloads(), keepVersions);
    CatalogueState found = replay.state();
    if (found != null && !replay.lost()) {
      Catalogue known = new Catalogue(disk, keepVersions, found, "");
      known.checkPartitions(partitions);
      boolean continued =
          Journal.format(bytes) == Journal.FORMAT && recorded(contents) == Journal.FORMAT;
      if (contents.broken() || !continued) {
        file.close();
        if (contents.broken()) {
          LOG.log(
              Level.WARNING,
              "a part of the catalogue was damaged and is written anew from its copy; look after the disk");
        }
        known.rewrite();
      } else {
        known.continueIn(file, contents, bytes);
      }
      return known;
    }
    file.close();
    // What follows the damage can't be used without it, but a person may want to look at it.
    String aside = setAside(disk);
    CatalogueState state = found == null ? CatalogueState.empty(partitions) : found;
    Catalogue rest =
        new Catalogue(
            disk,
            keepVersions,
            state,
            "the catalogue was damaged after version %d and is kept as %s; files it named later are left alone"
                .formatted(state.version(), aside));
    rest.checkPartitions(partitions);
    rest.rewrite();
    return rest;
  }

  /**
   * Why a file is not to be touched, in a sentence; empty if it is of this version or one before.
   * The version stands in the magic, where no checksum covers it, and in the first record: a record
   * of this version behind a magic of another one is damage.
   */
  static String foreign(byte[] bytes, Journal.Contents contents) {
    int format = Journal.format(bytes);
    long recorded = recorded(contents);
    if (recorded > Journal.FORMAT || (format > Journal.FORMAT && recorded == 0)) {
      return "the store's catalogue has format %d and this version of Leat reads up to %d: run the version that wrote it, or a newer one"
          .formatted(Math.max(recorded, format), Journal.FORMAT);
    }
    return format == 1 && recorded <= Journal.FIRST_READ
        ? "the store's catalogue has format 1, of an earlier pre-release of Leat, and this version reads formats 2 and 4: remove the store's directory, or serve it with that release"
        : "";
  }

  private static long recorded(Journal.Contents contents) {
    return contents.payloads().isEmpty()
        ? 0
        : CatalogueCodec.format(contents.payloads().getFirst());
  }

  CatalogueState state() {
    return state;
  }

  /**
   * What was found wrong at the start; empty if nothing. Then files that no state knows must not be
   * deleted.
   */
  String damage() {
    return damage;
  }

  /**
   * Makes a change durable. After an exception it may or may not be, and the state is as before.
   */
  void commit(CatalogueState.Step step) throws IOException {
    checkPlace();
    CatalogueState next = state.apply(step, keepVersions);
    ByteBuffer record = Journal.record(CatalogueCodec.encode(step));
    Disk.File open = file;
    long bytes = end + record.remaining();
    if (open == null || bytes > Math.max(MIN_REWRITE_BYTES, REWRITE_FACTOR * stateBytes)) {
      CatalogueState before = state;
      state = next;
      try {
        rewrite();
      } catch (IOException failure) {
        state = before;
        throw failure;
      }
      return;
    }
    try {
      open.write(record, end);
      open.force();
    } catch (IOException failure) {
      forget();
      throw failure;
    }
    end = bytes;
    state = next;
  }

  /**
   * A file that lost its name can still be written and forced, but no start would find it.
   *
   * @throws IOException if the catalogue is not where it was
   */
  void checkPlace() throws IOException {
    if (!disk.exists(NAME)) {
      throw new IOException(
          "the store's catalogue is gone: the data directory was moved or removed, put it back and start again");
    }
  }

  @Override
  public void close() throws IOException {
    Disk.File open = file;
    file = null;
    if (open != null) {
      open.close();
    }
  }

  private void rewrite() throws IOException {
    forget();
    ByteBuffer record = Journal.record(CatalogueCodec.encode(state));
    int bytes = record.remaining();
    disk.delete(TEMPORARY);
    Disk.File fresh = disk.open(TEMPORARY);
    try {
      fresh.write(ByteBuffer.wrap(Journal.MAGIC), 0);
      fresh.write(record, Journal.MAGIC.length);
      fresh.force();
      disk.rename(TEMPORARY, NAME);
      disk.forceDirectory(DIRECTORY);
    } catch (IOException failure) {
      fresh.close();
      throw failure;
    }
    file = fresh;
    stateBytes = bytes;
    end = (long) Journal.MAGIC.length + bytes;
  }

  /**
   * What a process that died left may be in the system's memory only: a record before its force or
   * after one that failed, a name before the directory's. Now that it is believed, it is made
   * durable: written again, since what a failed force should have written counts as clean.
   */
  private void continueIn(Disk.File known, Journal.Contents contents, byte[] bytes)
      throws IOException {
    int good = contents.goodBytes();
    if (good < bytes.length) {
      known.truncate(good);
    }
    known.write(ByteBuffer.wrap(bytes, 0, good), 0);
    known.force();
    disk.forceDirectory(DIRECTORY);
    file = known;
    end = good;
    stateBytes = 2L * contents.payloads().getFirst().length;
  }

  /** Closes a file that nothing may be assumed about; that closing fails too tells nothing new. */
  private void forget() {
    try {
      close();
    } catch (IOException closing) {
      file = null;
    }
  }

  private void checkPartitions(int partitions) {
    int recorded = state.partitions();
    if (recorded != partitions) {
      throw new IllegalArgumentException(
          "the store has %d partitions and can't be opened with %d"
              .formatted(recorded, partitions));
    }
  }

  /**
   * What the records lead to.
   *
   * @param state null if there is no whole state among them
   * @param lost whether there are steps that can't be applied, because one before is missing
   */
  record Replay(@Nullable CatalogueState state, boolean lost) {}

  static Replay replay(List<byte[]> payloads, int keepVersions) throws IOException {
    try {
      CatalogueState state = null;
      boolean lost = false;
      for (byte[] payload : payloads) {
        Object record = CatalogueCodec.decode(payload);
        if (record instanceof CatalogueState whole) {
          state = state == null ? whole : state;
        } else if (record instanceof CatalogueState.Step step) {
          boolean isCopy = state != null && step.version() == state.version();
          lost |= state == null || (!isCopy && step.version() != state.version() + 1);
          state = state == null || isCopy || lost ? state : state.apply(step, keepVersions);
        }
      }
      return new Replay(state, lost || state == null);
    } catch (RuntimeException defect) {
      // The checksums hold, so this is what was written: no version of this program can have meant
      // it.
      throw new IOException("the catalogue contradicts itself: " + defect.getMessage(), defect);
    }
  }

  private static String setAside(Disk disk) throws IOException {
    int number = 1;
    while (disk.exists(NAME + ".damaged-" + number)) {
      number++;
    }
    String aside = NAME + ".damaged-" + number;
    disk.rename(NAME, aside);
    return aside;
  }

  private static byte[] readAll(Disk.File file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(file.size()));
    file.read(buffer, 0);
    return buffer.array();
  }
}
