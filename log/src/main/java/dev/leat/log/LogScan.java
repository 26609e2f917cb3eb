package dev.leat.log;

import dev.leat.event.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * Walks over the frames of a log that somebody else may be writing, without asking and without
 * touching it. For one thread.
 *
 * <p>What may be believed: a segment has its name from before its first frame until its bytes may
 * be overwritten, and a name never comes back. So if a name is still there after its frames were
 * read, they were what they seemed to be; and each of them stands under a checksum of its own that
 * covers epoch, offset and place. A frame is written only when the one before it is durable, so a
 * gap in front of an intact frame is either a stale read, which reading again mends, or damage.
 */
final class LogScan {
  private static final int MAX_LISTINGS = 100;

  private final Disk disk;
  private final Sink sink;

  /** The next event that is wanted. */
  private long expected;

  /** Takes what the scan finds, in order. */
  interface Sink {
    /** The frames that follow are of this segment. */
    void segment(long epoch) throws IOException;

    /** Takes an intact frame and says whether to go on; it is the reader's until then. */
    boolean frame(FrameReader frame) throws IOException;

    /** The events from {@code from} up to {@code to} can't be read. */
    void lost(long from, long to) throws IOException;
  }

  /** How a scan ended. */
  sealed interface End {
    /** Everything up to here was seen, or the sink had enough. */
    record Reached(long offset) implements End {}

    /** The log does not reach back to the position, or not any more; here it begins. */
    record Gone(long first) implements End {}
  }

  private LogScan(Disk disk, long position, Sink sink) {
    this.disk = disk;
    this.expected = position;
    this.sink = sink;
  }

  /** Shows the sink every frame that holds events from a position on, up to the end of the log. */
  static End run(Disk disk, long position, Sink sink) throws IOException {
    return new LogScan(disk, position, sink).run(names(disk));
  }

  /**
   * The live segments, oldest first: listed until two listings agree, as one alone may miss some.
   */
  static List<String> names(Disk disk) throws IOException {
    List<String> before = list(disk);
    for (int i = 0; i < MAX_LISTINGS; i++) {
      List<String> now = list(disk);
      if (now.equals(before)) {
        return now;
      }
      before = now;
    }
    throw new IOException(
        "the segments in %s change faster than they can be listed"
            .formatted(SegmentFiles.DIRECTORY));
  }

  private static List<String> list(Disk disk) throws IOException {
    return disk.list(SegmentFiles.DIRECTORY).stream().filter(SegmentLayout::isName).toList();
  }

  private End run(List<String> names) throws IOException {
    if (names.isEmpty()) {
      return new End.Reached(expected);
    }
    long first = SegmentLayout.baseOffset(names.getFirst());
    if (first > expected) {
      return new End.Gone(first);
    }
    int begin = 0;
    while (begin + 1 < names.size() && SegmentLayout.baseOffset(names.get(begin + 1)) <= expected) {
      begin++;
    }
    for (int i = begin; i < names.size(); i++) {
      boolean last = i + 1 == names.size();
      long limit = last ? Long.MAX_VALUE : SegmentLayout.baseOffset(names.get(i + 1));
      boolean more;
      try {
        more = segment(names.get(i), limit);
      } catch (NoSuchFileException recycled) {
        return gone();
      }
      if (!disk.exists(SegmentFiles.path(names.get(i)))) {
        return gone();
      }
      if (!more) {
        return new End.Reached(expected);
      }
      if (!last && expected < limit) {
        lost(limit);
      }
    }
    return new End.Reached(expected);
  }

  private End gone() throws IOException {
    List<String> names = names(disk);
    return new End.Gone(names.isEmpty() ? expected : SegmentLayout.baseOffset(names.getFirst()));
  }

  /**
   * Walks through one segment; false if the sink has enough.
   *
   * @param limit where the next segment begins
   */
  private boolean segment(String name, long limit) throws IOException {
    if (!disk.exists(SegmentFiles.path(name))) {
      throw new NoSuchFileException(name);
    }
    try (Disk.File file = disk.open(SegmentFiles.path(name))) {
      long epoch = SegmentLayout.epoch(name);
      sink.segment(epoch);
      long bytes = file.size() / FrameLayout.ALIGNMENT * FrameLayout.ALIGNMENT;
      FrameReader reader = new FrameReader(file, epoch);
      long from = SegmentLayout.HEADER_BYTES;
      while (reader.find(from, bytes, SegmentLayout.baseOffset(name))) {
        if (reader.baseOffset() > expected) {
          reader = new FrameReader(file, epoch, reader.buffer());
          if (!reader.find(from, bytes, SegmentLayout.baseOffset(name))) {
            return true;
          }
        }
        from = reader.nextPosition();
        boolean old = reader.nextOffset() <= expected && reader.baseOffset() < expected;
        boolean unproven =
            limit == Long.MAX_VALUE
                && reader.baseOffset() > expected
                && reader.durableBefore() <= expected;
        if (old || unproven) {
          continue;
        }
        if (reader.baseOffset() >= limit) {
          return true;
        }
        if (reader.baseOffset() > expected) {
          lost(reader.baseOffset());
        }
        expected = reader.nextOffset();
        if (!sink.frame(reader)) {
          return false;
        }
      }
      return true;
    }
  }

  private void lost(long to) throws IOException {
    sink.lost(expected, to);
    expected = to;
  }

  /** When the last frame before a segment was appended; empty if its header is damaged. */
  static java.util.OptionalLong previousMicros(Disk disk, String name) throws IOException {
    byte[] header = new byte[SegmentLayout.HEADER_BYTES];
    if (!disk.exists(SegmentFiles.path(name))) {
      throw new NoSuchFileException(name);
    }
    try (Disk.File file = disk.open(SegmentFiles.path(name))) {
      file.read(ByteBuffer.wrap(header), 0);
    }
    boolean intact =
        SegmentLayout.intact(header, SegmentLayout.epoch(name), SegmentLayout.baseOffset(name));
    return intact
        ? java.util.OptionalLong.of(SegmentLayout.previousMicros(header))
        : java.util.OptionalLong.empty();
  }
}
