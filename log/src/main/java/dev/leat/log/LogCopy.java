package dev.leat.log;

import dev.leat.event.Disk;
import dev.leat.event.EventBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Copies the end of a log into another directory, from a position on, while the log may be written.
 * Every frame is checked as it is read (epoch, checksum, continuity) and written anew; a torn end
 * is left out. Offsets, epochs and times stay; the copy's segments hold frames only and so take the
 * bytes they need. A {@link SegmentedLog} opens the copy like a log of its own.
 *
 * <p>The source is only read; give it as a {@link dev.leat.event.ReadOnlyDisk}, since what is
 * recycled meanwhile must not be made anew. For one thread.
 */
public final class LogCopy implements LogScan.Sink {
  private final Disk to;
  private final Visitor visitor;
  private final List<Stretch> lost = new ArrayList<>();

  private Disk.@Nullable File file;
  private long epoch;
  private long end;
  private long position;
  private long bytes;
  private long firstMicros = Long.MIN_VALUE;
  private long lastMicros = Long.MIN_VALUE;

  /** Looks at what is copied, batch by batch. */
  public interface Visitor {
    /**
     * Takes a batch before it is written. May change bytes of records, but neither their number nor
     * their lengths.
     *
     * @return whether it changed any
     */
    boolean visit(EventBatch events, long firstOffset);
  }

  /** The events from {@code from} up to {@code to}. */
  public record Stretch(long from, long to) {}

  /** How a copy can end. */
  public sealed interface Outcome {
    /**
     * All is there and durable.
     *
     * @param from the first offset that was wanted
     * @param end the first offset that is not there yet
     * @param firstMicros when the first frame was appended, in microseconds since 1970; {@code
     *     Long.MIN_VALUE} if there is none
     * @param lastMicros the same of the last
     * @param lost what the source can't give any more, because it is damaged there
     * @param bytes of the copy's files
     */
    record Copied(
        long from, long end, long firstMicros, long lastMicros, List<Stretch> lost, long bytes)
        implements Outcome {
      public Copied {
        lost = List.copyOf(lost);
      }

      /** How many events are lost. */
      public long lostEvents() {
        return lost.stream().mapToLong(each -> each.to() - each.from()).sum();
      }
    }

    /** The source does not reach back to the position, or not any more; here it begins. */
    record Gone(long first) implements Outcome {}
  }

  private LogCopy(Disk to, long position, Visitor visitor) {
    this.to = to;
    this.end = position;
    this.visitor = visitor;
  }

  /**
   * Copies what a log has from an offset on. The target must have no log. When the outcome is
   * {@link Outcome.Gone}, or after an exception, what stands there has no use.
   */
  public static Outcome copy(Disk from, long position, Disk to, Visitor visitor)
      throws IOException {
    to.createDirectories(SegmentFiles.DIRECTORY);
    LogCopy copy = new LogCopy(to, position, visitor);
    LogScan.End end;
    try {
      end = LogScan.run(from, position, copy);
    } finally {
      copy.finishFile();
    }
    to.forceDirectory(SegmentFiles.DIRECTORY);
    return switch (end) {
      case LogScan.End.Gone gone -> new Outcome.Gone(gone.first());
      case LogScan.End.Reached reached ->
          new Outcome.Copied(
              position, reached.offset(), copy.firstMicros, copy.lastMicros, copy.lost, copy.bytes);
    };
  }

  /** The oldest offset that a log still has; empty if it has no segment. */
  public static OptionalLong firstOffset(Disk log) throws IOException {
    List<String> names = LogScan.names(log);
    return names.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(SegmentLayout.baseOffset(names.getFirst()));
  }

  /**
   * The first offset of the first commit at or after a time, and that time; the end of the log, and
   * the time of the last commit before it, if there is none. Null if the log has no events.
   *
   * @param micros since 1970
   */
  public static @Nullable Moment moment(Disk log, long micros) throws IOException {
    List<String> names = LogScan.names(log);
    int at = 0;
    while (at + 1 < names.size()) {
      OptionalLong before = LogScan.previousMicros(log, names.get(at + 1));
      if (before.isEmpty() || before.getAsLong() >= micros) {
        break;
      }
      at++;
    }
    if (names.isEmpty()) {
      return null;
    }
    MomentSink sink = new MomentSink(micros);
    LogScan.run(log, SegmentLayout.baseOffset(names.get(at)), sink);
    return sink.found;
  }

  /** An offset, and when the commit that it belongs to was appended. */
  public record Moment(long offset, long micros) {}

  @Override
  public void segment(long ofEpoch) throws IOException {
    finishFile();
    epoch = ofEpoch;
  }

  @Override
  public boolean frame(FrameReader frame) throws IOException {
    Disk.File into = file;
    if (into == null) {
      // A frame may hold events below the position, which readers pass over; where events are lost
      // in front of it, the segment begins with them, so that the copy shows the same gap.
      into = beginFile(Math.min(end, frame.baseOffset()));
    }
    boolean changed = visitor.visit(frame.events(), frame.baseOffset());
    boolean same = !changed && frame.position() == position;
    into.write(same ? frame.bytes() : frame.movedTo(position), position);
    position += frame.nextPosition() - frame.position();
    end = frame.nextOffset();
    lastMicros = frame.appendedMicros();
    if (firstMicros == Long.MIN_VALUE) {
      firstMicros = lastMicros;
    }
    return true;
  }

  @Override
  public void lost(long from, long until) {
    lost.add(new Stretch(from, until));
  }

  private Disk.File beginFile(long base) throws IOException {
    Disk.File fresh = to.open(SegmentFiles.path(SegmentLayout.name(base, epoch)));
    file = fresh;
    // How long it gets is known only at its end, and backups have a checksum of each file.
    fresh.write(SegmentLayout.header(epoch, base, lastMicros, SegmentLayout.UNKNOWN_BYTES), 0);
    position = SegmentLayout.HEADER_BYTES;
    return fresh;
  }

  /** Makes the file whole, up to the padding of its last frame, and durable. */
  private void finishFile() throws IOException {
    Disk.File done = file;
    file = null;
    if (done != null) {
      try (done) {
        done.allocate(position);
        done.force();
        bytes += position;
      }
    }
  }

  private static final class MomentSink implements LogScan.Sink {
    private final long micros;
    private @Nullable Moment found;

    MomentSink(long micros) {
      this.micros = micros;
    }

    @Override
    public void segment(long epoch) {}

    @Override
    public boolean frame(FrameReader frame) {
      if (frame.eventCount() == 0) {
        return true;
      }
      boolean reached = frame.appendedMicros() >= micros;
      found = new Moment(reached ? frame.baseOffset() : frame.nextOffset(), frame.appendedMicros());
      return !reached;
    }

    @Override
    public void lost(long from, long to) {}
  }
}
