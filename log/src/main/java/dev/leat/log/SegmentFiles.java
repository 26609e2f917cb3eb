package dev.leat.log;

import dev.leat.event.Disk;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The files of the log's directory and the only code that names, makes, reuses or removes them.
 *
 * <p>Every change of a name is made durable before the next step builds on it. In particular an
 * expired segment has lost its old name for good before its bytes are overwritten, and a segment
 * gets its name only when its header is durable. Whatever subset of the names a crash leaves
 * behind, a file called a segment is one.
 */
final class SegmentFiles {
  static final String DIRECTORY = "log";
  static final String LOCK = path("LOCK");
  private static final int FILL_STEP_BYTES = 4 << 20;
  private static final String SPARE = ".spare";
  private static final String DAMAGED = ".damaged";

  private final Disk disk;
  private final LogOptions options;

  /**
   * Held while a spare is made, so that the writer waits for one under way instead of making its
   * own.
   */
  private final ReentrantLock lock = new ReentrantLock();

  private final ArrayDeque<String> spares = new ArrayDeque<>();
  private int nextSpare;
  private boolean closed;
  private volatile int spareCount;
  private final AtomicLong damagedBytes = new AtomicLong();

  SegmentFiles(Disk disk, LogOptions options) {
    this.disk = disk;
    this.options = options;
  }

  static String path(String name) {
    return DIRECTORY + "/" + name;
  }

  /** Names of the live segments, oldest first; tidies up what an earlier run left unfinished. */
  List<String> scan() throws IOException {
    List<String> names = new ArrayList<>();
    for (String name : disk.list(DIRECTORY)) {
      if (SegmentLayout.isName(name)) {
        names.add(name);
      } else if (name.endsWith(SPARE)) {
        adopt(name);
      } else if (name.endsWith(DAMAGED)) {
        damagedBytes.addAndGet(size(name));
      }
    }
    // A process that died may have given these names without forcing them. Events that are now
    // acknowledged in such a segment must not lose it.
    disk.forceDirectory(DIRECTORY);
    return names;
  }

  private void adopt(String name) throws IOException {
    // One of another size was not finished, or belongs to other options.
    if (spares.size() < options.maxSpares() && size(name) == options.segmentBytes()) {
      spares.add(name);
      spareCount = spares.size();
      nextSpare = Math.max(nextSpare, spareNumber(name) + 1);
    } else {
      disk.delete(path(name));
    }
  }

  private static int spareNumber(String name) {
    String digits = name.substring(0, name.length() - SPARE.length());
    return digits.matches("[0-9]{1,8}") ? Integer.parseInt(digits) : 0;
  }

  private long size(String name) throws IOException {
    try (Disk.File file = disk.open(path(name))) {
      return file.size();
    }
  }

  /** Bytes of files that are no live segments. */
  long otherBytes() {
    return damagedBytes.get() + (long) spareCount * options.segmentBytes();
  }

  /** Has a segment ready for {@link #activate}, so that it needs not be filled with zeros then. */
  void prepare() throws NoRoomException {
    lock.lock();
    try {
      if (closed) {
        throw new NoRoomException("the log is closed");
      }
      if (spares.isEmpty()) {
        spares.add(create());
        spareCount = spares.size();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a spare being made; afterwards nothing here touches the directory, which may have a
   * new owner.
   */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  private String create() throws NoRoomException {
    String name = "%08d%s".formatted(nextSpare++, SPARE);
    try {
      long free = disk.freeBytes();
      if (free < options.segmentBytes() + options.reserveBytes()) {
        throw new NoRoomException(
            "the disk has %d bytes free and the log's next segment needs %d, with %d left for others: make room"
                .formatted(free, options.segmentBytes(), options.reserveBytes()));
      }
      try (Disk.File file = disk.open(path(name))) {
        // In steps, because a force of the active segment waits for what others have given to the
        // disk.
        for (long bytes = 0; bytes < options.segmentBytes(); ) {
          bytes = Math.min(bytes + FILL_STEP_BYTES, options.segmentBytes());
          file.allocate(bytes);
          file.force();
        }
      }
      return name;
    } catch (NoRoomException full) {
      throw full;
    } catch (IOException failed) {
      discard(name, failed);
      throw new NoRoomException(
          "no room for the log's next segment: " + failed.getMessage(), failed);
    }
  }

  private void discard(String name, IOException because) {
    try {
      disk.delete(path(name));
    } catch (IOException alsoFailed) {
      because.addSuppressed(alsoFailed);
    }
  }

  /**
   * Makes a spare the segment that begins at an offset; when this returns, a crash leaves it there.
   */
  Segment activate(long baseOffset, long epoch, long previousMicros) throws IOException {
    lock.lock();
    try {
      prepare();
      String spare = spares.getFirst();
      try (Disk.File file = disk.open(path(spare))) {
        file.write(
            SegmentLayout.header(epoch, baseOffset, previousMicros, options.segmentBytes()), 0);
        file.force();
      }
      Segment segment = new Segment(baseOffset, epoch, options.segmentBytes());
      disk.rename(path(spare), segment.path());
      spares.removeFirst();
      spareCount = spares.size();
      disk.forceDirectory(DIRECTORY);
      return segment;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a segment's life: a spare, or away with it; a damaged one is kept beside the log. */
  void retire(Segment segment) throws IOException {
    lock.lock();
    try {
      if (segment.damaged) {
        disk.rename(segment.path(), path(segment.name + DAMAGED));
        damagedBytes.addAndGet(segment.fileBytes);
      } else if (spares.size() < options.maxSpares()
          && segment.fileBytes == options.segmentBytes()) {
        String spare = "%08d%s".formatted(nextSpare++, SPARE);
        disk.rename(segment.path(), path(spare));
        // Only now may its bytes be overwritten: the old name must not come back with them.
        disk.forceDirectory(DIRECTORY);
        spares.add(spare);
        spareCount = spares.size();
        return;
      } else {
        disk.delete(segment.path());
      }
      disk.forceDirectory(DIRECTORY);
    } finally {
      lock.unlock();
    }
  }
}
