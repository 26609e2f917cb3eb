package dev.leat.log;

import dev.leat.event.Disk;
import dev.leat.event.EventLog.Cursor;
import dev.leat.event.EventLog.LoggedBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads frame after frame into one buffer.
 *
 * <p>It has a file of its own open, but trusts it only while the segment is pinned: between two
 * steps retention may take the segment, and then the cursor looks for its place anew.
 */
final class SegmentCursor implements Cursor {
  private final Disk disk;
  private final SegmentList segments;
  private final Tail tail;
  private final Damage damage;

  /** The next event the reader wants; frames that end below it are passed over. */
  private long wanted;

  private @Nullable Segment segment;
  private Disk.@Nullable File file;
  private @Nullable FrameReader reader;
  private byte[] buffer = {};

  /** Where the next frame should be in the segment, and its first offset. */
  private long position;

  private long expected;
  private boolean closed;

  SegmentCursor(Disk disk, SegmentList segments, Tail tail, Damage damage, long offset) {
    this.disk = disk;
    this.segments = segments;
    this.tail = tail;
    this.damage = damage;
    this.wanted = offset;
  }

  @Override
  public @Nullable LoggedBatch next(Duration patience) throws InterruptedException {
    if (closed || tail.isClosed()) {
      throw new IllegalStateException(closed ? "the cursor is closed" : "the log is closed");
    }
    long left = Math.max(0, patience.toNanos());
    while (true) {
      LoggedBatch batch = poll();
      if (batch != null) {
        return batch;
      }
      left = tail.await(wanted, left);
      if (left <= 0) {
        return null;
      }
    }
  }

  private @Nullable LoggedBatch poll() throws InterruptedException {
    try {
      while (wanted < tail.nextOffset()) {
        wanted = Math.max(wanted, segments.first().baseOffset);
        Segment here = segments.find(wanted);
        // Retired means that the list has changed meanwhile.
        if (here.tryPin()) {
          LoggedBatch batch;
          try {
            batch = readPinned(here);
          } finally {
            here.unpin();
          }
          if (batch != null) {
            return batch;
          }
        }
      }
      return null;
    } catch (ClosedByInterruptException interrupted) {
      leave();
      Thread.interrupted();
      throw new InterruptedException("interrupted while reading the log");
    } catch (IOException failed) {
      leave();
      throw new UncheckedIOException("the log can't be read: " + failed.getMessage(), failed);
    }
  }

  private @Nullable LoggedBatch readPinned(Segment here) throws IOException {
    FrameReader frames = enter(here);
    Segment.End end = here.end();
    while (expected < end.offset()) {
      if (frames == null || !frames.find(position, end.position(), expected)) {
        damage.add(here, expected, end.offset());
        position = end.position();
        expected = end.offset();
        break;
      }
      if (frames.baseOffset() > expected) {
        damage.add(here, expected, frames.baseOffset());
      }
      position = frames.nextPosition();
      expected = frames.nextOffset();
      here.index.add(frames.baseOffset(), frames.position());
      if (expected > wanted && frames.eventCount() > 0) {
        wanted = expected;
        return new LoggedBatch(frames.events(), frames.baseOffset(), frames.appendedMicros());
      }
    }
    wanted = Math.max(wanted, end.offset());
    return null;
  }

  /** Makes the segment the present one; null if its file is gone. */
  private @Nullable FrameReader enter(Segment here) throws IOException {
    if (here != segment) {
      leave();
      SparseIndex.Entry start = here.index.floor(wanted);
      position = start.position();
      expected = start.offset();
      segment = here;
      // Opening would create it.
      if (disk.exists(here.path())) {
        Disk.File opened = disk.open(here.path());
        file = opened;
        reader =
            buffer.length == 0
                ? new FrameReader(opened, here.epoch)
                : new FrameReader(opened, here.epoch, buffer);
      }
    }
    return reader;
  }

  private void leave() {
    segment = null;
    if (reader != null) {
      buffer = reader.buffer();
      reader = null;
    }
    if (file != null) {
      try {
        file.close();
      } catch (IOException failed) {
        // It was only read; there is nothing to lose and nobody to tell.
        System.getLogger(SegmentCursor.class.getName())
            .log(System.Logger.Level.DEBUG, "closing a segment failed", failed);
      }
      file = null;
    }
  }

  @Override
  public void close() {
    closed = true;
    leave();
    buffer = new byte[0];
  }
}
