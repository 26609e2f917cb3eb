package dev.leat.server;

import dev.leat.engine.StateVersion;
import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import dev.leat.event.OsDisk;
import dev.leat.log.LogOptions;
import dev.leat.log.SegmentedLog;
import dev.leat.store.StoreOptions;
import dev.leat.store.StoreVersions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a data directory that no server has, which it holds until it is closed. For one
 * thread.
 */
final class DataVersions implements AutoCloseable {
  private final OsDisk disk;
  private final StoreVersions store;
  private final long firstInLog;

  /**
   * One of them.
   *
   * @param files how many it has: tables, state, results of metrics
   * @param replayable whether the log reaches back to its position
   * @param damage what is wrong with its files, by their names
   */
  record Described(
      EventStore.Version version,
      int format,
      long definition,
      int files,
      boolean replayable,
      Map<String, String> damage) {
    /** As a member of a JSON document. */
    Map<String, @Nullable Object> toJson() {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("version", version.version());
      json.put("position", Long.toString(version.nextOffset()));
      json.put("at", version.at() == null ? null : version.at().toString());
      json.put("rows", version.rows());
      json.put("format", format);
      json.put("definition", definition);
      json.put("files", files);
      json.put("replayable", replayable);
      json.put("whole", damage.isEmpty());
      json.put("damage", damage);
      return json;
    }

    /** As a line of a table. */
    List<Object> toLine() {
      return List.of(
          version.version(),
          version.nextOffset(),
          version.at() == null ? "unknown" : version.at().toString(),
          version.rows(),
          format,
          definition,
          files,
          damage.isEmpty() ? "yes" : "no",
          replayable ? "yes" : "no");
    }
  }

  static final List<String> COLUMNS =
      List.of(
          "version",
          "position",
          "time",
          "rows",
          "format",
          "definition",
          "files",
          "whole",
          "replayable");

  private DataVersions(OsDisk disk, StoreVersions store, long firstInLog) {
    this.disk = disk;
    this.store = store;
    this.firstInLog = firstInLog;
  }

  /**
   * Takes the directory.
   *
   * @throws CommandFailure saying why it can't be had
   */
  static DataVersions open(Path data) {
    OsDisk disk = new OsDisk(data);
    try {
      StoreVersions store =
          StoreVersions.open(disk.root().resolve("store"), StoreOptions.defaults(1).keepVersions());
      return new DataVersions(disk, store, SegmentedLog.firstOffsetOf(disk));
    } catch (IOException failed) {
      throw failure(data, failed);
    }
  }

  static CommandFailure failure(Path data, IOException failed) {
    return new CommandFailure("%s: %s".formatted(data, failed.getMessage()), failed);
  }

  /**
   * All of them, the present one first.
   *
   * @param read whether every byte of their files is read
   */
  List<Described> describe(boolean read) throws IOException {
    List<Described> described = new ArrayList<>();
    for (EventStore.Version version : store.list()) {
      StateVersion state = StateVersion.of(disk, version.state(), read);
      Map<String, String> damage = new LinkedHashMap<>(state.damage());
      store
          .damage(version.version(), read)
          .forEach((name, problem) -> damage.put("store/" + name, problem));
      described.add(
          new Described(
              version,
              state.format(),
              state.definition(),
              state.files() + store.files(version.version()),
              version.nextOffset() >= firstInLog,
              damage));
    }
    return described;
  }

  /** The present version. */
  EventStore.Version present() {
    return store.list().getFirst();
  }

  /**
   * Makes a version the present one and returns its new number.
   *
   * @throws CommandFailure if that would lose rows, which the log can't give again
   */
  long rollback(long to, InstantSource clock) throws IOException, InterruptedException {
    long from = position(to);
    long end = present().nextOffset();
    try (EventLog log = SegmentedLog.open(disk, LogOptions.defaults(), clock, end)) {
      if (!StateVersion.canReplay(log, from, end)) {
        throw new CommandFailure(
            "version %d can't be gone back to: the log begins at %d and can't give all events from %d to %d again, so their rows would be lost"
                .formatted(to, log.firstOffset(), from, end));
      }
    }
    return store.rollback(to, clock.instant());
  }

  /** Where processing continues after a version. */
  long position(long version) {
    if (version == 0) {
      return 0;
    }
    return store.list().stream()
        .filter(each -> each.version() == version)
        .mapToLong(EventStore.Version::nextOffset)
        .findFirst()
        .orElseThrow(
            () ->
                new CommandFailure(
                    "there is no version %d; `leat state list` shows which there are"
                        .formatted(version)));
  }

  @Override
  public void close() {
    store.close();
  }
}
