package dev.leat.engine;

import dev.leat.event.Alongside;
import dev.leat.event.Disk;
import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import dev.leat.event.Threads;
import dev.leat.pipeline.Aggregates;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Opens what the engine knows as a commit has it: the last one if its files are whole. Else the
 * damaged files are set aside, and then, whichever is possible first:
 *
 * <ol>
 *   <li>the newest version that is whole, and from which the log goes on without a gap, becomes the
 *       present one, and the log is processed again from there;
 *   <li>if the log reaches back to the first event, all of it is processed again;
 *   <li>the last commit is gone on from without what the damaged files said. That is no full
 *       restoration, and is said for as long as the engine runs.
 * </ol>
 *
 * For the thread that starts the engine.
 */
final class Restart {
  private static final System.Logger LOG = System.getLogger(Restart.class.getName());

  /**
   * So much is read only to be checked, the newest first, which a crash is most likely to have
   * hurt. The rest is checked as it is read.
   */
  private static final long CHECKED_BYTES = 64L << 20;

  private final EventLog log;
  private final EventStore store;
  private final Disk disk;
  private final StateOptions options;
  private final Threads threads;
  private final RandomGenerator chance;

  private final Set<Long> hopeless = new HashSet<>();
  private final Map<String, List<StateDamagedException>> checked = new HashMap<>();
  private final Set<String> reported = new HashSet<>();
  private String last = "";

  /**
   * What is gone on with.
   *
   * @param missing what was known and is not any more, in words for the operator; empty if nothing
   * @param recompute whether results of metrics are missing that rows may still yield
   */
  record Restored(
      StateStore memory,
      CellStore cells,
      Aggregates aggregates,
      EngineState state,
      String missing,
      boolean recompute) {}

  Restart(Engine.Rooms rooms, RandomGenerator chance) {
    this.log = rooms.log();
    this.store = rooms.store();
    this.disk = new StateDisk(rooms.disk());
    this.options = rooms.state();
    this.threads = rooms.threads();
    this.chance = chance;
  }

  /**
   * Opens it.
   *
   * @throws OtherFormatException if another version of Leat wrote it
   * @throws IOException if files can't be opened, renamed or written; that is no reason to forget
   *     anything
   */
  Restored restore() throws IOException, InterruptedException {
    if (suspectsAreWhole()) {
      try {
        return open(Checkpoint.Parts.of(store.state()), "", false);
      } catch (StateDamagedException damaged) {
        setAside(damaged);
      }
    }
    for (EventStore.Version version = newestWhole(); version != null; version = newestWhole()) {
      try {
        goTo(version);
        return open(Checkpoint.Parts.of(store.state()), "", false);
      } catch (StateDamagedException damaged) {
        setAside(damaged);
        hopeless.add(version.version());
        hopeless.add(store.versions().getFirst().version());
      }
    }
    return LogReach.covers(log, 0, store.committed()) ? fromTheBeginning() : makeDo();
  }

  /** Looks at the files that something was wrong with before; whether all of them are whole. */
  private boolean suspectsAreWhole() throws IOException {
    boolean whole = true;
    for (String name : SetAside.suspects(disk)) {
      for (EventStore.Version version : versions()) {
        VersionFiles files = filesOf(version);
        if (files != null && files.names().contains(name)) {
          for (StateDamagedException damaged : files.check(disk, name).values()) {
            setAside(damaged);
            whole = false;
          }
          break;
        }
      }
      SetAside.cleared(disk, name);
    }
    return whole;
  }

  /** What can be gone back to, the present version first. */
  private List<EventStore.Version> versions() {
    List<EventStore.Version> versions = store.versions();
    return versions.isEmpty()
        ? List.of(new EventStore.Version(0, store.committed(), store.state(), null, 0))
        : versions;
  }

  private @Nullable VersionFiles filesOf(EventStore.Version version) {
    try {
      return VersionFiles.of(Checkpoint.Parts.of(version.state()));
    } catch (StateDamagedException damaged) {
      last = damaged.file() + ": " + damaged.what();
      return null;
    }
  }

  private EventStore.@Nullable Version newestWhole() throws IOException, InterruptedException {
    long present = versions().getFirst().version();
    for (EventStore.Version version : versions()) {
      if (hopeless.contains(version.version())) {
        continue;
      }
      VersionFiles files = filesOf(version);
      if (files == null || !isWhole(files)) {
        hopeless.add(version.version());
      } else if (version.version() != present
          && !LogReach.covers(log, version.nextOffset(), store.committed())) {
        LOG.log(
            Level.WARNING,
            "version {0} is whole, but the log does not go on from its position {1} without a gap, so it can''t be gone back to",
            Long.toString(version.version()),
            Long.toString(version.nextOffset()));
        hopeless.add(version.version());
      } else {
        return version;
      }
    }
    return null;
  }

  private boolean isWhole(VersionFiles files) throws IOException {
    Map<String, StateDamagedException> damaged = files.check(disk, checked);
    for (StateDamagedException each : damaged.values()) {
      setAside(each);
    }
    return damaged.isEmpty();
  }

  private void setAside(StateDamagedException damaged) throws IOException {
    last = damaged.file() + ": " + damaged.what();
    SetAside.move(disk, damaged.file());
    checked.put(damaged.file(), List.of(damaged));
    if (reported.add(damaged.file())) {
      LOG.log(Level.ERROR, "{0} is damaged and is set aside: {1}", damaged.file(), damaged.what());
    }
  }

  private void goTo(EventStore.Version version) throws IOException {
    long from = store.committed();
    if (version.version() == versions().getFirst().version()) {
      return;
    }
    rollBack(version.version());
    LOG.log(
        Level.ERROR,
        "the last version of the state is not whole ({0}): Leat went back to version {1}; the events from {2} to {3} are processed again",
        last,
        Long.toString(version.version()),
        Long.toString(version.nextOffset()),
        Long.toString(from));
  }

  private void rollBack(long version) throws IOException {
    switch (store.rollback(version)) {
      case EventStore.Commit.Done _ -> {}
      case EventStore.Commit.Failed failed ->
          throw new IOException(
              "the state is damaged (%s), and going back to version %d failed: %s"
                  .formatted(last, version, failed.reason()));
    }
  }

  private Restored fromTheBeginning() throws IOException {
    long from = store.committed();
    rollBack(0);
    LOG.log(
        Level.ERROR,
        "no version of the state is whole ({0}): the log reaches back to the first event, so all events up to {1} are processed again; tables fill up meanwhile",
        last,
        Long.toString(from));
    return open(Checkpoint.Parts.of(new byte[0]), "", false);
  }

  private Restored makeDo() throws IOException, InterruptedException {
    Checkpoint.Parts parts = Checkpoint.Parts.of(store.state());
    Remains remains = Remains.of(disk, parts);
    String missing =
        "no version of the state is whole (%s), and the log does not reach back to the first event: %s"
            .formatted(last, remains.missing(store.committed()));
    LOG.log(Level.ERROR, missing);
    return open(remains.parts(), missing, remains.lostResults());
  }

  /**
   * The memory is opened while the results of metrics are read: neither needs the other, and both
   * take their time when there is much of them.
   */
  private Restored open(Checkpoint.Parts parts, String missing, boolean recompute)
      throws IOException {
    EngineState state = EngineState.decode(parts.state());
    Set<String> kept = VersionFiles.all(store.versions());
    Alongside<StateStore> memory =
        Alongside.begin(
            threads,
            "leat-open-state",
            () -> StateStore.open(disk, parts.memory(), kept, options, chance, threads));
    CellStore cells = null;
    try {
      VersionFiles.of(parts).checkUnopened(disk, CHECKED_BYTES);
      cells = CellStore.open(disk, parts.cells(), kept, threads);
      Aggregates aggregates = Aggregates.restore(parts.metrics(), cells);
      return new Restored(memory.take(), cells, aggregates, state, missing, recompute);
    } catch (IOException | RuntimeException failed) {
      if (cells != null) {
        cells.close();
      }
      memory.letGo(StateStore::close);
      throw failed;
    }
  }
}
