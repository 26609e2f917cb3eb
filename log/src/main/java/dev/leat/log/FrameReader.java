package dev.leat.log;

import dev.leat.event.Disk;
import dev.leat.event.EventBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;

/**
 * Finds intact frames in one segment file, reading ahead into a buffer of its own. For one thread.
 *
 * <p>The frame found stands in the buffer until the next call.
 */
final class FrameReader {
  private static final int FIRST_BUFFER_BYTES = 256 << 10;
  private static final int READABLE_PIECE_BYTES = 4096;

  private final Disk.File file;
  private final long epoch;
  private byte[] buffer;
  private long bufferPosition;
  private int buffered;
  private long unreadableEnd;

  private long position;
  private int at;
  private int payloadBytes;

  FrameReader(Disk.File file, long epoch) {
    this(file, epoch, new byte[FIRST_BUFFER_BYTES]);
  }

  FrameReader(Disk.File file, long epoch, byte[] buffer) {
    this.file = file;
    this.epoch = epoch;
    this.buffer = buffer;
  }

  /**
   * Goes to the first intact frame at or after a position whose events begin at or above {@code
   * lowestOffset}; false if there is none before the limit.
   */
  boolean find(long from, long limit, long lowestOffset) throws IOException {
    for (long here = from;
        here + FrameLayout.HEADER_BYTES <= limit;
        here += FrameLayout.ALIGNMENT) {
      int index = fill(here, FrameLayout.HEADER_BYTES, limit);
      int payload = FrameLayout.payloadBytes(buffer, index, epoch, here);
      if (payload < 0
          || here + FrameLayout.frameBytes(payload) > limit
          || FrameLayout.longInteger(buffer, index + FrameLayout.BASE_OFFSET) < lowestOffset) {
        continue;
      }
      index = fill(here, FrameLayout.HEADER_BYTES + payload, limit);
      if (FrameLayout.intact(buffer, index, payload)) {
        position = here;
        at = index;
        payloadBytes = payload;
        return true;
      }
    }
    return false;
  }

  long position() {
    return position;
  }

  long nextPosition() {
    return position + FrameLayout.frameBytes(payloadBytes);
  }

  long baseOffset() {
    return FrameLayout.longInteger(buffer, at + FrameLayout.BASE_OFFSET);
  }

  long nextOffset() {
    return baseOffset() + eventCount();
  }

  int eventCount() {
    return FrameLayout.integer(buffer, at + FrameLayout.EVENT_COUNT);
  }

  long durableBefore() {
    return FrameLayout.longInteger(buffer, at + FrameLayout.DURABLE_BEFORE);
  }

  long appendedMicros() {
    return FrameLayout.longInteger(buffer, at + FrameLayout.APPENDED_MICROS);
  }

  EventBatch events() {
    return new EventBatch(buffer, at + FrameLayout.HEADER_BYTES, payloadBytes, eventCount());
  }

  /** The frame as it stands in the file, without its padding. */
  ByteBuffer bytes() {
    return ByteBuffer.wrap(buffer, at, FrameLayout.HEADER_BYTES + payloadBytes);
  }

  /** The frame, whose events may have been changed since it was found, as one at a position. */
  ByteBuffer movedTo(long there) {
    FrameLayout.moveTo(buffer, at, FrameLayout.HEADER_BYTES + payloadBytes, there);
    return bytes();
  }

  /** Behind the last of the bytes that the disk refused to give back; 0 if it gave all of them. */
  long unreadableEnd() {
    return unreadableEnd;
  }

  /** The buffer, for the reader of the next segment. */
  byte[] buffer() {
    return buffer;
  }

  /** Makes sure that bytes stand in the buffer, and says where. */
  private int fill(long from, int bytes, long limit) throws IOException {
    if (from < bufferPosition || from + bytes > bufferPosition + buffered) {
      if (bytes > buffer.length) {
        buffer = new byte[Math.toIntExact(FrameLayout.align(bytes))];
      }
      int wanted = (int) Math.min(buffer.length, limit - from);
      buffered = 0;
      int read = read(from, wanted);
      // A file that ends early is as good as one that goes on with zeros: neither holds a frame.
      Arrays.fill(buffer, read, Math.max(read, bytes), (byte) 0);
      bufferPosition = from;
      buffered = Math.max(read, bytes);
    }
    return (int) (from - bufferPosition);
  }

  private int read(long from, int bytes) throws IOException {
    try {
      return file.read(ByteBuffer.wrap(buffer, 0, bytes), from);
    } catch (ClosedChannelException closed) {
      throw closed;
    } catch (IOException failed) {
      return readInPieces(from, bytes, failed);
    }
  }

  /**
   * One bad spot of a disk must not take its neighbours along: what can't be read becomes zeros.
   */
  private int readInPieces(long from, int bytes, IOException first) throws IOException {
    int good = 0;
    int piece;
    for (int done = 0; done < bytes; done += piece) {
      // As disks and page caches have them, or a piece would take its neighbour along.
      int left = READABLE_PIECE_BYTES - (int) ((from + done) % READABLE_PIECE_BYTES);
      piece = Math.min(left, bytes - done);
      try {
        int read = file.read(ByteBuffer.wrap(buffer, done, piece), from + done);
        Arrays.fill(buffer, done + read, done + piece, (byte) 0);
        good++;
      } catch (ClosedChannelException closed) {
        throw closed;
      } catch (IOException failed) {
        first.addSuppressed(failed);
        unreadableEnd = Math.max(unreadableEnd, from + done + piece);
        Arrays.fill(buffer, done, done + piece, (byte) 0);
      }
    }
    if (good == 0) {
      throw first;
    }
    return bytes;
  }
}
