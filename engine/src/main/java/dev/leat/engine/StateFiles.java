package dev.leat.engine;

import dev.leat.event.Disk;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The files of a directory of the state, or of the cells, and the only code that names or removes
 * them. A file is written once, under a number that no other has; it is removed when neither what
 * is at work nor a commit that is kept has a use for it. Safe for use by several threads.
 */
final class StateFiles {
  static final String DIRECTORY = "state";
  static final String CELLS = "cells";
  private static final System.Logger LOG = System.getLogger(StateFiles.class.getName());

  private final Disk disk;
  private final String directory;
  private final int kept;

  // Guarded by this.
  private long next;
  private final Set<String> present = new HashSet<>();

  /** The files of the last commits, oldest first. */
  private final ArrayDeque<Set<String>> commits = new ArrayDeque<>();

  /** The files of all versions that can be gone back to. */
  private final Set<String> ofVersions = new HashSet<>();

  StateFiles(Disk disk, String directory, long next, int kept) {
    this.disk = disk;
    this.directory = directory;
    this.next = next;
    this.kept = kept;
  }

  static String runName(long number) {
    return "%s/%016d.run".formatted(DIRECTORY, number);
  }

  static String deltaName(long number) {
    return "%s/%016d.delta".formatted(DIRECTORY, number);
  }

  static String cellsName(long number) {
    return "%s/%016d.cells".formatted(CELLS, number);
  }

  Disk disk() {
    return disk;
  }

  /**
   * Keeps the files of the commit that is gone on from, those that {@link #keep} named and those
   * that were set aside, and deletes all others: they belong to commits that never happened or were
   * overtaken.
   */
  synchronized void begin(Set<String> committed) throws IOException {
    disk.createDirectories(directory);
    List<String> found = disk.list(directory);
    for (String name : committed) {
      if (!found.contains(name.substring(directory.length() + 1))) {
        throw new StateDamagedException(name, "it is missing");
      }
    }
    boolean deleted = false;
    for (String name : found) {
      String path = directory + "/" + name;
      if (ofVersions.contains(path)) {
        present.add(path);
      } else if (!committed.contains(path) && !SetAside.isAside(path)) {
        disk.delete(path);
        deleted = true;
      }
    }
    if (deleted) {
      // Numbers are used again after a crash; the old file must not come back under the name.
      disk.forceDirectory(directory);
    }
    present.addAll(committed);
    commits.add(committed);
  }

  /** These files belong to versions that can be gone back to, and no others do. */
  synchronized void keep(Set<String> files) {
    ofVersions.clear();
    ofVersions.addAll(files);
  }

  /** Makes the names of what was written durable. */
  void forceNames() throws IOException {
    disk.forceDirectory(directory);
  }

  /** A number for a new file. */
  synchronized long nextNumber() {
    return next++;
  }

  /** No file has this number or a higher one. */
  synchronized long end() {
    return next;
  }

  /** A file has been written, or was begun and failed. */
  synchronized void written(String name) {
    present.add(name);
  }

  /**
   * Lets go at once of a file whose writing failed: half of it would take the room that the next
   * try needs.
   */
  void discard(String name) {
    written(name);
    delete(List.of(name));
  }

  /** A commit became durable: keeps its files, and no longer those of the oldest that is kept. */
  synchronized void committed(Set<String> files) {
    commits.addLast(Set.copyOf(files));
    while (commits.size() > kept) {
      commits.removeFirst();
    }
  }

  /** What neither the files in use nor those of the commits that are kept include. */
  synchronized List<String> useless(Set<String> inUse) {
    return present.stream()
        .filter(name -> !inUse.contains(name) && !ofVersions.contains(name))
        .filter(name -> commits.stream().noneMatch(each -> each.contains(name)))
        .sorted()
        .toList();
  }

  /** Deletes files without a use. What can't be deleted is tried again the next time. */
  void delete(List<String> names) {
    for (String name : names) {
      try {
        disk.delete(name);
        deleted(name);
      } catch (IOException failed) {
        LOG.log(Level.WARNING, "cannot delete %s, will try again".formatted(name), failed);
      }
    }
  }

  private synchronized void deleted(String name) {
    present.remove(name);
  }
}
