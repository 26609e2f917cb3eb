package dev.leat.log;

import dev.leat.event.Disk;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out, at start, how far the log is good.
 *
 * <p>Of the sealed segments only names, sizes and headers are looked at; their frames are checked
 * when they are read, so a start takes as long for a large log as for a small one. The last segment
 * is read whole. A frame is written only after the one before it was forced. Therefore:
 *
 * <ul>
 *   <li>What is broken and has no intact frame of the same epoch behind it is the frame that was
 *       being written: nobody was promised anything, and it is cut.
 *   <li>What is broken and has such a frame behind it, one that says everything up to there was
 *       durable, is damage: it is reported and stepped over, the file is left as it is, and the log
 *       goes on in a new segment.
 *   <li>What can't be read at all may have been either. It is reported too, even if nothing intact
 *       is behind it.
 * </ul>
 *
 * <p>The cut erases the header of the broken frame, so that no later write can complete it by
 * accident. The last intact frame is written once more: it may have been answered with a failed
 * force, and then it is in memory, looks well and would never reach the disk. Both are made durable
 * before anybody reads or appends, and both may be repeated.
 */
final class Recovery {
  private static final Logger LOGGER = System.getLogger(Recovery.class.getName());
  private static final long NEVER = Long.MIN_VALUE;
  private static final long UNKNOWN = Long.MAX_VALUE;

  private final Disk disk;
  private final Damage damage;
  private final List<Segment> segments = new ArrayList<>();
  private boolean writable;

  Recovery(Disk disk, Damage damage) {
    this.disk = disk;
    this.damage = damage;
  }

  /** The live segments with their ends; none if the directory has none. */
  List<Segment> run(List<String> names) throws IOException {
    for (String name : names) {
      segments.add(inspect(name));
    }
    for (int i = 0; i + 1 < segments.size(); i++) {
      Segment segment = segments.get(i);
      segment.endAt(segments.get(i + 1).baseOffset, segment.fileBytes);
    }
    if (!segments.isEmpty()) {
      recoverLast(segments.getLast());
    }
    // A time that a damaged header withheld is at most that of the segment behind.
    for (int i = segments.size() - 2; i >= 0; i--) {
      Segment segment = segments.get(i);
      if (segment.lastMicros == UNKNOWN && segments.get(i + 1).lastMicros != NEVER) {
        segment.lastMicros = segments.get(i + 1).lastMicros;
      }
    }
    return segments;
  }

  /**
   * Whether the last segment may be written to: it is not when it is damaged, so that nothing more
   * is lost.
   */
  boolean lastIsWritable() {
    return writable;
  }

  private Segment inspect(String name) throws IOException {
    long baseOffset = SegmentLayout.baseOffset(name);
    long epoch = SegmentLayout.epoch(name);
    try (Disk.File file = disk.open(SegmentFiles.path(name))) {
      Segment segment =
          new Segment(
              baseOffset, epoch, file.size() / FrameLayout.ALIGNMENT * FrameLayout.ALIGNMENT);
      byte[] header = readHeader(file);
      int newer = SegmentLayout.newerVersion(header);
      if (newer > 0) {
        throw new IOException(
            "%s has format %d and this version of Leat reads format %d: run the version that wrote it, or a newer one"
                .formatted(segment.path(), newer, SegmentLayout.VERSION_VALUE));
      }
      if (!segments.isEmpty()) {
        boolean intact = SegmentLayout.intact(header, epoch, baseOffset);
        segments.getLast().lastMicros = intact ? SegmentLayout.previousMicros(header) : UNKNOWN;
      }
      if (!SegmentLayout.intact(header, epoch, baseOffset)) {
        LOGGER.log(
            Level.WARNING, "the header of {0} is damaged; its name says the same", segment.path());
      }
      checkSize(segment, header, file.size());
      return segment;
    }
  }

  /** A file that ends before it did when it was made may have held events behind its end. */
  private void checkSize(Segment segment, byte[] header, long bytes) {
    long whole =
        SegmentLayout.intact(header, segment.epoch, segment.baseOffset)
            ? SegmentLayout.fileBytes(header)
            : SegmentLayout.HEADER_BYTES;
    if (bytes < whole) {
      damage.cut(segment, bytes, whole);
    }
  }

  private static byte[] readHeader(Disk.File file) {
    byte[] header = new byte[SegmentLayout.HEADER_BYTES];
    try {
      file.read(ByteBuffer.wrap(header), 0);
      return header;
    } catch (IOException failed) {
      LOGGER.log(Level.WARNING, "the header of a segment can't be read", failed);
      return new byte[SegmentLayout.HEADER_BYTES];
    }
  }

  private void recoverLast(Segment segment) throws IOException {
    try (Disk.File file = disk.open(segment.path())) {
      FrameReader reader = new FrameReader(file, segment.epoch);
      long lastPosition = walk(segment, reader);
      if (reader.unreadableEnd() > segment.end().position()) {
        damage.unreadable(segment, segment.end().position());
      }
      writable = !segment.damaged && reader.unreadableEnd() == 0;
      if (writable) {
        secure(segment, file, reader, lastPosition);
      }
    }
  }

  /**
   * Sets the segment's end behind its last intact frame and returns where that frame begins, or -1.
   */
  private long walk(Segment segment, FrameReader reader) throws IOException {
    long lastPosition = -1;
    long offset = segment.baseOffset;
    long position = SegmentLayout.HEADER_BYTES;
    long from = position;
    segment.lastMicros = NEVER;
    while (reader.find(from, segment.fileBytes, offset)) {
      from = reader.nextPosition();
      if (reader.baseOffset() > offset && reader.durableBefore() <= offset) {
        // No proof that what is missing before it was ever durable, and so not durable itself.
        continue;
      }
      if (reader.baseOffset() > offset) {
        damage.add(segment, offset, reader.baseOffset());
      }
      lastPosition = reader.position();
      position = reader.nextPosition();
      offset = reader.nextOffset();
      segment.lastMicros = reader.appendedMicros();
      segment.index.add(reader.baseOffset(), reader.position());
    }
    segment.endAt(offset, position);
    return lastPosition;
  }

  private static void secure(Segment segment, Disk.File file, FrameReader reader, long lastPosition)
      throws IOException {
    eraseBrokenHeader(segment, file);
    if (lastPosition >= 0 && reader.find(lastPosition, segment.end().position(), 0)) {
      file.write(reader.bytes(), lastPosition);
    }
    file.force();
  }

  private static void eraseBrokenHeader(Segment segment, Disk.File file) throws IOException {
    long position = segment.end().position();
    if (position + FrameLayout.ALIGNMENT > segment.fileBytes) {
      return;
    }
    byte[] sector = new byte[FrameLayout.ALIGNMENT];
    file.read(ByteBuffer.wrap(sector), position);
    if (FrameLayout.integer(sector, FrameLayout.MAGIC) == FrameLayout.MAGIC_VALUE
        && FrameLayout.longInteger(sector, FrameLayout.EPOCH) == segment.epoch) {
      LOGGER.log(
          Level.INFO,
          "cut an unfinished write at {0} in {1}: {2}",
          Long.toString(position),
          segment.path(),
          FrameLayout.describe(sector, 0));
    }
    // Also when it looks erased already: that may be an erasure whose force failed, and which the
    // disk does not know.
    file.write(ByteBuffer.allocate(FrameLayout.ALIGNMENT), position);
  }
}
