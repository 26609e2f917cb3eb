package dev.leat.pipeline;

import dev.leat.event.EventCursor;
import dev.leat.event.Slice;
import dev.leat.pipeline.Memory.Seen;
import dev.leat.pipeline.Memory.Versions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * An event with the attribute {@code corrects} names an earlier event of its source: {@code
 * correction: retract} undoes it, {@code replace} takes its place. Both rows stay; a row of {@code
 * superseded} says which one counts no more.
 *
 * <p>The earlier event must be within the stream's window of dedup, where its position is known,
 * and must not have been corrected before: whoever corrects a correction names that.
 */
final class CorrectionStage implements Stage {
  private static final String NAME = "correction";
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final String stream;
  private final @Nullable Seen seen;
  private final Versions corrected;
  private final SystemRows rows;
  private final StreamAggregates counted;
  private final AttributeReader corrects = new AttributeReader("corrects");
  private final AttributeReader correction = new AttributeReader(NAME);
  private final byte[] positionKey = new byte[Long.BYTES];
  private Correction present = Correction.NONE;
  private long target;

  /**
   * @param seen null if the stream remembers no ids, and so knows no position
   * @param corrected the positions that were corrected
   * @param counted where earlier events were counted
   */
  CorrectionStage(
      String stream,
      @Nullable Seen seen,
      Versions corrected,
      SystemRows rows,
      StreamAggregates counted) {
    this.stream = stream;
    this.seen = seen;
    this.corrected = corrected;
    this.rows = rows;
    this.counted = counted;
  }

  /** What the event that was checked last wanted. */
  Correction present() {
    return present;
  }

  /** What the event wants. */
  Correction of(EventCursor event) {
    if (!corrects.read(event).isPresent()) {
      return Correction.NONE;
    }
    return switch (correction.read(event).toString()) {
      case "retract" -> Correction.RETRACT;
      case "replace" -> Correction.REPLACE;
      default -> Correction.WRONG;
    };
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Rejection check(Row row) {
    EventCursor event = row.event();
    present = of(event);
    if (present == Correction.NONE) {
      return null;
    }
    if (present == Correction.WRONG) {
      return Rejection.failed(
          NAME,
          "correction-unknown",
          null,
          null,
          "correction: retract or replace",
          correction.read(event).toString());
    }
    Slice id = corrects.read(event);
    target = position(event, id);
    if (target < 0 || target >= row.position()) {
      return Rejection.failed(
          NAME,
          "target-unknown",
          null,
          null,
          "an event of this source that the stream %s has stored within its window of dedup"
              .formatted(stream),
          id.toString());
    }
    long by = corrected.of(key(), 0, Long.BYTES);
    if (by != Versions.NONE && by < row.position()) {
      return Rejection.failed(
          NAME,
          "already-corrected",
          null,
          null,
          "an event that still counts",
          "%s, corrected at %d".formatted(id, by));
    }
    return null;
  }

  private long position(EventCursor event, Slice id) {
    Seen known = seen;
    if (known == null) {
      return Seen.NEVER;
    }
    // The id lies elsewhere than the source: both have to be in one array.
    byte[] both = new byte[event.sourceLength() + id.length()];
    System.arraycopy(event.bytes(), event.sourceAt(), both, 0, event.sourceLength());
    System.arraycopy(id.array(), id.from(), both, event.sourceLength(), id.length());
    return known.first(both, 0, event.sourceLength(), event.sourceLength(), id.length());
  }

  @Override
  public void stored(Row row) {
    if (present == Correction.NONE) {
      return;
    }
    corrected.set(key(), 0, Long.BYTES, row.position(), row.position());
    counted.corrected(target, row.position());
    rows.superseded(row.event(), row.position(), stream, target, present.label());
    if (present == Correction.RETRACT) {
      rows.superseded(row.event(), row.position(), stream, row.position(), "retraction");
    }
  }

  private byte[] key() {
    LONGS.set(positionKey, 0, target);
    return positionKey;
  }
}
