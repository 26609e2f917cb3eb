package dev.leat.engine;

import dev.leat.event.Disk;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of damaged files of the state and of the results of metrics. One that is met while
 * Leat runs gets a note beside it, {@code NAME.suspect}, so that the next start looks at all of it;
 * one that a start finds damaged is renamed to {@code NAME.damaged}, and is nobody's any more but
 * that of who wants to look into it.
 */
final class SetAside {
  private static final System.Logger LOG = System.getLogger(SetAside.class.getName());
  private static final String DAMAGED = ".damaged";
  private static final String SUSPECT = ".suspect";

  private SetAside() {}

  /** The name that a damaged file is given. */
  static String aside(String name) {
    return name + DAMAGED;
  }

  /** Whether a file is one of these, and no part of any state. */
  static boolean isAside(String name) {
    return name.endsWith(DAMAGED) || name.endsWith(SUSPECT);
  }

  /** Has the next start look at a file. Any thread; what fails is only said. */
  static void suspect(Disk disk, StateDamagedException damaged) {
    String name = damaged.file();
    int slash = name.indexOf('/');
    if (slash < 0) {
      return; // No file of its own.
    }
    try (Disk.File note = disk.open(name + SUSPECT)) {
      note.write(ByteBuffer.wrap(new byte[] {'\n'}), 0);
      note.force();
      disk.forceDirectory(name.substring(0, slash));
    } catch (IOException failed) {
      LOG.log(
          Level.WARNING,
          "cannot note that %s is damaged; the next start may not see it".formatted(name),
          failed);
    }
  }

  /** The files that {@link #suspect} named. */
  static List<String> suspects(Disk disk) throws IOException {
    List<String> names = new ArrayList<>();
    for (String directory : List.of(StateFiles.DIRECTORY, StateFiles.CELLS)) {
      disk.createDirectories(directory);
      for (String name : disk.list(directory)) {
        if (name.endsWith(SUSPECT)) {
          String path = directory + "/" + name;
          names.add(path.substring(0, path.length() - SUSPECT.length()));
        }
      }
    }
    return names;
  }

  /** Forgets that a file was suspected: it was looked at. */
  static void cleared(Disk disk, String name) throws IOException {
    disk.delete(name + SUSPECT);
  }

  /** Takes a damaged file out of the way, durably; harmless if it is missing. */
  static void move(Disk disk, String name) throws IOException {
    int slash = name.indexOf('/');
    if (slash >= 0 && disk.exists(name)) {
      disk.rename(name, aside(name));
      disk.forceDirectory(name.substring(0, slash));
    }
  }
}
