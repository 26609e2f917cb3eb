package dev.leat.engine;

import dev.leat.event.Disk;
import dev.leat.event.EventLog;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a commit says of the engine's state, for who looks at a data directory that nobody serves.
 *
 * @param format the version of the format it was written in; 0 if there is nothing yet
 * @param definition the version of the definition in force; 0 if there is none
 * @param files how many files of the state and of results of metrics it has
 * @param damage what is wrong with them, by their names
 */
public record StateVersion(int format, long definition, int files, Map<String, String> damage) {
  public StateVersion {
    damage = Map.copyOf(damage);
  }

  /**
   * Looks at one.
   *
   * @param disk of the data directory
   * @param state what the store keeps for the commit
   * @param read whether all bytes of all files are read; else only whether the files are there
   * @throws IOException if the disk can't be read, or another version of Leat wrote it
   */
  public static StateVersion of(Disk disk, byte[] state, boolean read) throws IOException {
    try {
      Checkpoint.Parts parts = Checkpoint.Parts.of(state);
      InForce inForce = EngineState.decode(parts.state()).definition();
      Map<String, String> damage = new TreeMap<>();
      int files = 0;
      try {
        VersionFiles version = VersionFiles.of(parts);
        files = version.names().size();
        look(new StateDisk(disk), version, read, damage);
      } catch (StateDamagedException damaged) {
        damage.put(damaged.file(), damaged.what());
      }
      return new StateVersion(
          Checkpoint.Parts.format(state), inForce == null ? 0 : inForce.version(), files, damage);
    } catch (OtherFormatException other) {
      throw new IOException(other.getMessage(), other);
    }
  }

  private static void look(
      Disk disk, VersionFiles version, boolean read, Map<String, String> damage)
      throws IOException {
    if (read) {
      version
          .check(disk, new HashMap<>())
          .forEach((name, damaged) -> damage.put(name, damaged.what()));
      return;
    }
    for (String name : version.names()) {
      if (!disk.exists(name)) {
        damage.put(name, "it is missing");
      }
    }
  }

  /** Whether the log can give all events from one offset up to another; reads them. */
  public static boolean canReplay(EventLog log, long from, long to) throws InterruptedException {
    return LogReach.covers(log, from, to);
  }
}
