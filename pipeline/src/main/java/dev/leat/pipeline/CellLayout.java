package dev.leat.pipeline;

import dev.leat.event.Column;
import dev.leat.event.Metrics.Bound;
import dev.leat.event.RowChunk;
import dev.leat.pipeline.MetricSpec.Measure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the cells of a metric hold, and how it comes there. Measures of one path share what they
 * can: {@code sum} and {@code avg}, all quantiles. For one thread.
 *
 * <p>A cell begins with the words that every cell has: the count of late events, and for sessions
 * the times of the first and the last event. Behind them come those of the accumulators in the
 * order of {@link Accumulators}, which is also their order in an encoded cell.
 */
public final class CellLayout {
  static final int LATE = 0;
  static final int FIRST = 1;
  static final int LAST = 2;

  private final long secret;
  private final boolean session;
  private final int maxSeries;
  private final Accumulators parts;
  private final Accumulator[] all;

  /** By path: what reads its values, null for the events themselves; and what takes them. */
  private final @Nullable ValueReader[] readers;

  private final Accumulator[][] takers;
  private final Sample sample = new Sample();
  private final int words;
  private final int[] indexes;
  private final Accumulator[] owners;

  /**
   * @param secret what keys are hashed with in memory, so that nobody can choose them to collide
   */
  CellLayout(boolean session, int maxSeries, Accumulators parts, long secret) {
    this.secret = secret;
    this.session = session;
    this.maxSeries = maxSeries;
    this.parts = parts;
    this.all = parts.all().toArray(Accumulator[]::new);
    this.readers =
        parts.paths().stream().map(Accumulators.OfPath::reader).toArray(ValueReader[]::new);
    this.takers =
        parts.paths().stream()
            .map(path -> path.accumulators().toArray(Accumulator[]::new))
            .toArray(Accumulator[][]::new);
    int word = session ? LAST + 1 : LATE + 1;
    List<Integer> objectIndexes = new ArrayList<>();
    List<Accumulator> objectOwners = new ArrayList<>();
    for (Accumulator each : all) {
      each.place(word, objectOwners.size());
      word += each.words();
      for (int i = 0; i < each.objects(); i++) {
        objectIndexes.add(i);
        objectOwners.add(each);
      }
    }
    words = word;
    indexes = objectIndexes.stream().mapToInt(Integer::intValue).toArray();
    owners = objectOwners.toArray(Accumulator[]::new);
  }

  /** 64-bit words of a cell, those that every cell has included. */
  int words() {
    return words;
  }

  /** Objects of a cell: sketches, and what does not fit words. */
  int objects() {
    return owners.length;
  }

  long secret() {
    return secret;
  }

  boolean isSession() {
    return session;
  }

  int maxSeries() {
    return maxSeries;
  }

  /** Prepares a new cell, whose words are all zero. */
  void begin(Cells cells, int slot) {
    if (session) {
      cells.setWord(slot, FIRST, Long.MAX_VALUE);
      cells.setWord(slot, LAST, Long.MIN_VALUE);
    }
  }

  /** What its accumulators read of the events of a run, in the order of their paths. */
  @Nullable RunColumn[] columns(EventRun run) {
    return parts.paths().stream()
        .map(path -> path.path() == null ? null : run.column(path.path()))
        .toArray(RunColumn[]::new);
  }

  /**
   * Adds events to their cells, one after the other in each cell.
   *
   * @param columns of the run, as {@link #columns} named them
   */
  void addAll(Cells cells, RunPart part, @Nullable RunColumn[] columns) {
    for (int i = 0; i < part.size(); i++) {
      cells.markDirty(part.slot(i));
    }
    if (session) {
      for (int i = 0; i < part.size(); i++) {
        long time = part.run().time(part.index(i));
        spread(cells, part.slot(i), time, time);
      }
    }
    for (int path = 0; path < columns.length; path++) {
      for (Accumulator taker : takers[path]) {
        taker.addAll(cells, part, columns[path], sample);
      }
    }
  }

  /** Adds the row to a cell: its values, its time and position, its sampled rate as weight. */
  void add(Cells cells, int slot, RowChunk chunk, int row) {
    long time = chunk.timeMicros.get(row);
    Column.Longs rate = chunk.sampledRate;
    sample.begin(time, chunk.offset.get(row), rate.isPresent(row) ? Math.max(1, rate.get(row)) : 1);
    if (session) {
      spread(cells, slot, time, time);
    }
    for (int path = 0; path < readers.length; path++) {
      ValueReader reader = readers[path];
      if (reader != null) {
        reader.read(chunk, row, sample);
      }
      for (Accumulator taker : takers[path]) {
        taker.add(cells, slot, sample);
      }
    }
    cells.markDirty(slot);
  }

  private static void spread(Cells cells, int slot, long first, long last) {
    cells.setWord(slot, FIRST, Math.min(first, cells.word(slot, FIRST)));
    cells.setWord(slot, LAST, Math.max(last, cells.word(slot, LAST)));
  }

  /** Adds what another cell holds. The same cells in the same order give the same result. */
  public void merge(Cells into, int slot, Cells from, int fromSlot) {
    mergeCommon(into, slot, from, fromSlot);
    for (Accumulator each : all) {
      each.merge(into, slot, from, fromSlot);
    }
  }

  private void mergeCommon(Cells into, int slot, Cells from, int fromSlot) {
    into.setWord(slot, LATE, into.word(slot, LATE) + from.word(fromSlot, LATE));
    if (session) {
      spread(into, slot, from.word(fromSlot, FIRST), from.word(fromSlot, LAST));
    }
    into.markDirty(slot);
  }

  /**
   * The value of a measure of the spec, by its index.
   *
   * @param windowMicros how long the window is, for rates
   * @param asked the value a measure of frequency is asked for; it is null without one
   */
  public @Nullable Object value(
      int measure, Cells cells, int slot, long windowMicros, @Nullable String asked) {
    Measure spec = parts.measures().get(measure);
    return parts.of(measure).value(cells, slot, new Accumulator.Asked(spec, windowMicros, asked));
  }

  /** Whether the value is exact: always for some measures, after a recomputation for others. */
  public boolean isExact(int measure, Cells cells, int slot) {
    return parts.of(measure).isExact(cells, slot, parts.measures().get(measure));
  }

  /** How far the value of a measure may be off; null if it is exact by nature. */
  public @Nullable Bound bound(int measure) {
    return parts.of(measure).bound();
  }

  /** Writes a cell: common words first, then each accumulator. */
  void encode(Cells cells, int slot, ByteWriter out) {
    out.putVarint(cells.word(slot, LATE));
    if (session) {
      out.putLong(cells.word(slot, FIRST));
      out.putLong(cells.word(slot, LAST));
    }
    for (Accumulator each : all) {
      each.encode(cells, slot, out);
    }
  }

  void decode(Cells cells, int slot, ByteReader in) {
    cells.setWord(slot, LATE, in.getVarint());
    if (session) {
      cells.setWord(slot, FIRST, in.getLong());
      cells.setWord(slot, LAST, in.getLong());
    }
    for (Accumulator each : all) {
      each.decode(cells, slot, in);
    }
  }

  /** The object of a cell, sharing nothing that changes. */
  Object copy(int index, Object object) {
    return owners[index].copy(indexes[index], object);
  }

  /** Heap bytes of an object of a cell. */
  long bytes(int index, Object object) {
    return owners[index].bytes(indexes[index], object);
  }

  /**
   * A layout for a batch: it keeps every value that an approximate measure needs to be exact, and
   * so as much memory as there are.
   */
  public CellLayout exact() {
    return new CellLayout(session, maxSeries, parts.exact(), secret);
  }

  /**
   * Where a number stands among the values of a quantile in a cell of the {@link #exact} layout.
   *
   * @return which share of them is smaller, and which is smaller or equal; null if the measure is
   *     no quantile or has no values
   */
  public double @Nullable [] rank(int measure, Cells exact, int slot, double number) {
    return parts.of(measure) instanceof QuantileAccumulator quantiles
        ? quantiles.rank(exact, slot, number)
        : null;
  }

  /** Turns cells of the {@link #exact} layout into cells of this one, whose values are exact. */
  public Cells settle(Cells exact) {
    Cells settled = new Cells(this, maxSeries);
    for (int from : exact.sorted()) {
      byte[] key = exact.key(from);
      int slot = settled.slot(key, 0, key.length);
      mergeCommon(settled, slot, exact, from);
      for (Accumulator each : all) {
        each.settle(settled, slot, exact, from);
      }
    }
    return settled;
  }
}
