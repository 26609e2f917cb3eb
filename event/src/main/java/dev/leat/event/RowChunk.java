package dev.leat.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of one shard in columns: how the pipeline hands rows to the store, and where fresh rows
 * live until they are sealed.
 *
 * <p>One thread writes: it fills the columns at row {@link #rows()}, calls {@link #endRow}, and
 * after a micro-batch {@link #publish}. Other threads read what {@link #view} shows. The hand-over
 * is {@code published}: written last by the writer, read first by the reader, both volatile, so
 * that a reader sees every array as it was filled.
 */
public final class RowChunk {
  /** Rows of a chunk: large enough to amortise, small enough that an idle shard holds little. */
  public static final int CAPACITY = 8_192;

  private static final int ENVELOPE_COLUMNS = 9;

  public final Column.Longs offset;
  public final Column.Longs timeMicros;
  public final Column.Longs receivedMicros;
  public final Column.Longs sampledRate;
  public final Column.Bytes id;
  public final Column.Bytes source;
  public final Column.Bytes type;
  public final Column.Bytes subject;

  /** The key that decides the shard; null where source and id do. */
  public final Column.Bytes partitionKey;

  /** Attributes without a column of their own, as a JSON object. */
  public final Column.Bytes attributes;

  /**
   * The part of JSON data that fits no field, as JSON; see {@link DataSchema}. Without {@link #raw}
   * also the members that were sent as null.
   */
  public final Column.Bytes rest;

  /** The data as it was sent; null if there was none, or if columns and rest say all of it. */
  public final Column.Bytes raw;

  /** Names of the rules that the event broke and was stored all the same, separated by commas. */
  public final Column.Bytes flags;

  private final int shard;
  private final Sizes expected;
  private final int capacity;
  private @Nullable Column[] data = new Column[16];
  private int rows;
  private long payloadBytes;
  private volatile View published;

  /** An empty chunk whose columns grow from nothing. */
  public RowChunk(int shard) {
    this(shard, Sizes.UNKNOWN);
  }

  /** An empty chunk with room for as many bytes as a full one had. */
  public RowChunk(int shard, Sizes expected) {
    this(shard, expected, CAPACITY);
  }

  /** An empty chunk of fewer rows, where many small ones are made. */
  public RowChunk(int shard, int capacity) {
    this(shard, Sizes.UNKNOWN, capacity);
  }

  private RowChunk(int shard, Sizes expected, int capacity) {
    this.shard = shard;
    this.expected = expected;
    this.capacity = capacity;
    offset = new Column.Longs(capacity);
    timeMicros = new Column.Longs(capacity);
    receivedMicros = new Column.Longs(capacity);
    sampledRate = new Column.Longs(capacity);
    id = bytes(0);
    source = bytes(1);
    type = bytes(2);
    subject = bytes(3);
    partitionKey = bytes(4);
    attributes = bytes(5);
    rest = bytes(6);
    raw = bytes(7);
    flags = bytes(8);
    published = new View(this, 0, data);
  }

  private Column.Bytes bytes(int envelopeColumn) {
    return new Column.Bytes(capacity, expected.of(envelopeColumn));
  }

  /** How large the columns became, for the chunk after this one. Writer only. */
  public Sizes sizes() {
    Column.Bytes[] envelope = {
      id, source, type, subject, partitionKey, attributes, rest, raw, flags
    };
    int[] bytes = new int[ENVELOPE_COLUMNS + data.length];
    for (int i = 0; i < bytes.length; i++) {
      Column column = i < ENVELOPE_COLUMNS ? envelope[i] : data[i - ENVELOPE_COLUMNS];
      bytes[i] = column instanceof Column.Bytes text ? text.used() : 0;
    }
    return new Sizes(bytes);
  }

  /**
   * How many bytes to expect of each text column: growing a column copies every byte once more, and
   * a shard's next rows are mostly like its last.
   */
  public static final class Sizes {
    /** Nothing is known yet. */
    public static final Sizes UNKNOWN = new Sizes(new int[0]);

    /** One chunk of huge events must not make all the later ones huge. */
    private static final int MAX_BYTES = 8 << 20;

    private final int[] bytes;

    private Sizes(int[] bytes) {
      this.bytes = bytes;
    }

    /** With a sixteenth to spare. */
    private int of(int column) {
      int last = column < bytes.length ? bytes[column] : 0;
      return Math.min(last + last / 16, MAX_BYTES);
    }
  }

  /** What a reader may see: rows below {@code rows}, in these data columns by field id. */
  @SuppressWarnings("ArrayRecordComponent") // A window, never compared.
  public record View(RowChunk chunk, int rows, @Nullable Column[] columns) {
    /** The column of the field with this id; null if no row has a value for it. */
    public @Nullable Column data(int fieldId) {
      return Column.at(columns, fieldId);
    }
  }

  public int shard() {
    return shard;
  }

  /** Rows ended so far; also the index of the row being written. Writer only. */
  public int rows() {
    return rows;
  }

  public boolean isFull() {
    return rows == capacity;
  }

  /** The column of a field, created when first needed, widened if the field was. Writer only. */
  public Column column(DataSchema.Field field) {
    int id = field.id();
    if (id >= data.length) {
      data = Arrays.copyOf(data, Math.max(id + 1, data.length * 2));
    }
    Column column = data[id];
    if (column == null) {
      column = Column.of(field.kind(), capacity, expected.of(ENVELOPE_COLUMNS + id));
      data[id] = column;
    }
    return column;
  }

  /** The column of a field, or null if no row of the chunk has a value for it. Writer only. */
  public @Nullable Column columnIfAny(DataSchema.Field field) {
    return columnIfAny(field.id());
  }

  /** The column of the field with this id, or null if no row has a value for it. Writer only. */
  public @Nullable Column columnIfAny(int fieldId) {
    return Column.at(data, fieldId);
  }

  /**
   * The column of a field that takes fractions. Readers of an earlier view keep the integers they
   * have. Writer only.
   */
  public Column.Doubles doubles(DataSchema.Field field) {
    Column column = column(field);
    if (column instanceof Column.Longs longs) {
      Column.Doubles wide = longs.widen();
      data = data.clone();
      data[field.id()] = wide;
      return wide;
    }
    return (Column.Doubles) column;
  }

  /** Takes back everything set in the row being written. Writer only. */
  public void clearRow() {
    for (Column column :
        new Column[] {
          offset,
          timeMicros,
          receivedMicros,
          sampledRate,
          id,
          source,
          type,
          subject,
          partitionKey,
          attributes,
          rest,
          raw,
          flags
        }) {
      column.unset(rows);
    }
    for (Column column : data) {
      if (column != null) {
        column.unset(rows);
      }
    }
  }

  /** Ends the row being written; {@code recordBytes} is what it took in the log. Writer only. */
  public void endRow(int recordBytes) {
    payloadBytes += recordBytes;
    rows++;
  }

  /** Shows the rows ended so far to readers. Writer only. */
  public void publish() {
    published = new View(this, rows, data);
  }

  /** The rows published so far. Any thread. */
  public View view() {
    return published;
  }

  /** Bytes the rows took in the log: what a full chunk weighs, and what sealing is paced by. */
  public long payloadBytes() {
    return payloadBytes;
  }
}
