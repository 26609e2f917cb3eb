package dev.leat.pipeline;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.EventCursor;
import dev.leat.event.RowChunk;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The event that is being decided on: its envelope, as it stands in the log, and its data, as it
 * stands in the row under construction. What the stages read and write. For one thread; reused from
 * event to event. Extensions read and write it through {@link StepScope}.
 */
public final class Row {
  private final DataSchema schema;
  private final Written written;
  private @Nullable EventCursor event;
  private @Nullable RowChunk chunk;
  private int index;
  private boolean regular;
  private boolean flagged;
  private boolean rawNeeded;

  Row(DataSchema schema) {
    this(schema, new Written(Map.of(), schema));
  }

  /**
   * @param written the fields that enrichment writes into the rows
   */
  Row(DataSchema schema, Written written) {
    this.schema = schema;
    this.written = written;
  }

  /** Begins with another event, whose row is the one the chunk is about to end. */
  void begin(EventCursor event, RowChunk chunk) {
    begin(event, chunk, chunk.rows());
  }

  /** Begins with an event whose row the chunk has at this index. */
  void begin(EventCursor event, RowChunk chunk, int index) {
    this.event = event;
    this.chunk = chunk;
    this.index = index;
    this.regular = false;
    this.flagged = false;
    this.rawNeeded = true;
  }

  /** The fields of the table that the row goes to. */
  DataSchema schema() {
    return schema;
  }

  /** The fields that enrichment writes. */
  Written written() {
    return written;
  }

  /** The envelope and the raw data. */
  EventCursor event() {
    EventCursor present = event;
    if (present == null) {
      throw new IllegalStateException("no event was begun");
    }
    return present;
  }

  /** Where the row is; its index there is {@link #index()}. */
  RowChunk chunk() {
    RowChunk present = chunk;
    if (present == null) {
      throw new IllegalStateException("no event was begun");
    }
    return present;
  }

  /** The event's offset in the log. */
  long position() {
    return chunk().offset.get(index());
  }

  /** Notes in the row that the event breaks a rule and is stored all the same. */
  void flag(byte[] rule) {
    Column.Bytes flags = chunk().flags;
    int row = index();
    if (!flagged) {
      flags.set(row, rule, 0, rule.length);
      flagged = true;
      return;
    }
    byte[] before = flags.get(row);
    flags.unset(row);
    byte[] all = Arrays.copyOf(before, before.length + 1 + rule.length);
    all[before.length] = ',';
    System.arraycopy(rule, 0, all, before.length + 1, rule.length);
    flags.set(row, all, 0, all.length);
  }

  /** The index of the row in its chunk. */
  int index() {
    return index;
  }

  /**
   * Whether the columns hold all that the data says: every member in the column of a field, none
   * twice, and nulls only where the definition allows them. Then a column without a value means
   * that the member is absent or null. Otherwise only the raw data tells.
   */
  boolean isRegular() {
    return regular;
  }

  void setRegular(boolean regular) {
    this.regular = regular;
  }

  /** Whether the data must be kept as it was sent, as nothing else of the row says all of it. */
  boolean isRawNeeded() {
    return rawNeeded;
  }

  void setRawNeeded(boolean rawNeeded) {
    this.rawNeeded = rawNeeded;
  }
}
