package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A metric whose windows are combined from slices: an event changes the one slice its time is in,
 * however many windows that is part of. For one thread.
 *
 * <p>A slice whose windows are all final is written whole by the next cut and leaves memory when
 * that is committed. While a slice is computed anew from rows, what events add goes to it as always
 * and to a second set of cells beside it, which is then added to what the rows yielded.
 *
 * <p>A slice further ahead than any event that was counted, which a recomputation has brought, need
 * not be held: it is parked in the commits until events come that far.
 */
final class SliceAggregator extends Aggregator {
  /** Slices found without a search; a power of two. */
  private static final int RECENT = 256;

  private final long size;
  private final long window;
  private final TreeMap<Long, Slice> slices = new TreeMap<>();
  private final @Nullable Slice[] recent = new Slice[RECENT];
  private final Map<Long, Cells> apart = new HashMap<>();
  private Slice last;

  /** The cells of one slice and how far they are known elsewhere. */
  private static final class Slice {
    private final long start;
    private final long end;
    private Cells cells;

    /** What came since the recomputation under way began; null without one. */
    private @Nullable Cells apart;

    /** Whether the next cut has to write all of it. */
    private boolean isWhole;

    /** Whether all of it was written since it became final. */
    private boolean isSettled;

    /** The last cut that it is part of. */
    private long cut;

    /** What readers were given last; null if it has changed since. */
    private @Nullable Cells shown;

    Slice(long start, long end, Cells cells, @Nullable Cells apart) {
      this.start = start;
      this.end = end;
      this.cells = cells;
      this.apart = apart;
    }

    boolean has(long time) {
      return time >= start && time < end;
    }
  }

  SliceAggregator(
      MetricPlan plan,
      DataSchema schema,
      MetricState state,
      MarkBook marks,
      Aggregates.Source source) {
    super(plan, schema, state, marks, source);
    size = plan.bucketMicros();
    window = plan.windowMicros();
    last = nowhere();
  }

  /** A slice that no time is in. */
  private Slice nowhere() {
    return new Slice(Long.MAX_VALUE, Long.MIN_VALUE, empty(), null);
  }

  private Cells empty() {
    return new Cells(layout(), plan().spec().series());
  }

  @Override
  void use(MetricPlan next, DataSchema schema) {
    super.use(next, schema);
    for (Slice slice : slices.values()) {
      slice.cells.limit(next.spec().series());
    }
  }

  @Override
  void count(EventRun run, RunSelection selected) {
    int[] indexes = selected.indexes();
    int count = selected.count();
    for (int from = 0; from < count; ) {
      reach(run.watermark(indexes[from]));
      Slice slice = at(run.time(indexes[from]));
      if (slice == null) {
        tooLate(run, indexes[from]);
        from++;
      } else {
        int to = from + 1;
        while (to < count && slice.has(run.time(indexes[to]))) {
          to++;
        }
        add(slice, run, indexes, from, to);
        from = to;
      }
    }
  }

  /** The slice that a time is in; null if it is final. */
  private @Nullable Slice at(long time) {
    long start = last.has(time) ? last.start : Math.floorDiv(time, size) * size;
    if (isFinal(start)) {
      return null;
    }
    if (start != last.start) {
      last = slice(start);
    }
    return last;
  }

  private void tooLate(EventRun run, int index) {
    long start = Math.floorDiv(run.time(index), size) * size;
    counters().tooLate(run.watermark(index) - start - size);
    mark(run, index);
  }

  /** Adds events of one slice that follow each other. */
  private void add(Slice slice, EventRun run, int[] indexes, int from, int to) {
    slice.shown = null;
    int late = late(slice, run, indexes, from, to);
    add(slice.cells, indexes, from, to, late);
    if (slice.cells.hasOthers()) {
      counters().overflow(others(slice.cells));
    }
    Cells second = slice.apart;
    if (second != null) {
      add(second, indexes, from, to, late);
    }
    counters().counted(late - from);
    for (int i = late; i < to; i++) {
      counters().late(run.watermark(indexes[i]) - slice.end);
    }
  }

  /** The first of these events that came when the slice was closed: so did those behind it. */
  private static int late(Slice slice, EventRun run, int[] indexes, int from, int to) {
    int late = to;
    while (late > from && run.watermark(indexes[late - 1]) >= slice.end) {
      late--;
    }
    return late;
  }

  private void add(Cells cells, int[] indexes, int from, int to, int late) {
    RunSeries series = labels();
    RunPart part = part();
    part.clear();
    for (int i = from; i < to; i++) {
      series.at(indexes[i]);
      part.add(indexes[i], cells.slot(series));
    }
    addPart(cells);
    for (int i = late; i < to; i++) {
      cells.addLate(part.slot(i - from), 1);
    }
  }

  /** How many events of the part went into the series over the cap. */
  private int others(Cells cells) {
    RunPart part = part();
    int others = 0;
    for (int i = 0; i < part.size(); i++) {
      others += cells.isOther(part.slot(i)) ? 1 : 0;
    }
    return others;
  }

  @Override
  void mark(EventRun run, int index) {
    marks().bucket(id(), Math.floorDiv(run.time(index), size) * size, run.offset(index));
  }

  @Override
  long settled() {
    return horizon() == Watermark.NONE ? Watermark.NONE : horizon() + size - window;
  }

  @Override
  long slack() {
    return lateness() + window - size;
  }

  /** Whether no event changes the slice any more: every window it is part of is settled. */
  private boolean isFinal(long start) {
    return start + window <= horizon();
  }

  /** The slice that begins there, which is made if it is new. */
  private Slice slice(long start) {
    int place = Math.floorMod(start / size, RECENT);
    Slice near = recent[place];
    if (near != null && near.start == start) {
      return near;
    }
    if (start >= state().end()) {
      extend(start + size);
    }
    Slice slice = slices.get(start);
    if (slice == null) {
      slice = put(start, begin(start));
    }
    recent[place] = slice;
    return slice;
  }

  /** Cells of a new slice; the latest one will be about as full as the one before it. */
  private Cells begin(long start) {
    Map.Entry<Long, Slice> before = slices.lastEntry();
    int expected = before == null || before.getKey() > start ? 0 : before.getValue().cells.size();
    return new Cells(layout(), plan().spec().series(), expected + expected / 8);
  }

  private Slice put(long start, Cells cells) {
    Slice slice = new Slice(start, start + size, cells, apart.get(start));
    slices.put(start, slice);
    return slice;
  }

  /** Goes on to another slice; those on the way may be in the commits. */
  private void extend(long end) {
    long before = state().end();
    state().extend(end);
    if (before < state().parkedTo()) {
      load(before, end);
    }
  }

  @Override
  void cut(long number, List<BucketChange> changes) {
    for (Slice slice : slices.values()) {
      if (isAhead(slice)) {
        state().park(slice.end);
      }
      boolean isFinal = isFinal(slice.start);
      boolean isWhole = slice.isWhole || (isFinal && !slice.isSettled);
      if (isWhole || slice.cells.isDirty()) {
        byte[] block = isWhole ? slice.cells.encode() : slice.cells.encodeChanges();
        slice.cells.clearDirty();
        slice.isWhole = false;
        slice.isSettled = isFinal;
        slice.cut = number;
        changes.add(new BucketChange(id(), Level.BASE, slice.start, isWhole, block));
      }
    }
  }

  /** Whether no event was counted in the slice, nor in one behind it. */
  private boolean isAhead(Slice slice) {
    return slice.start >= state().end();
  }

  @Override
  void committed(long number) {
    if (slices.values().removeIf(slice -> isDone(slice, number))) {
      last = nowhere();
      Arrays.fill(recent, null);
    }
  }

  /** Whether commits have all of a slice, and no event is to be expected for it soon. */
  private boolean isDone(Slice slice, long number) {
    boolean isCommitted = slice.cut <= number && !slice.isWhole && !slice.cells.isDirty();
    if (!isCommitted) {
      return false;
    }
    return slice.isSettled || slice.cells.size() == 0 || isAhead(slice);
  }

  @Override
  void load() {
    long from = horizon() == Watermark.NONE ? Long.MIN_VALUE : firstOpen();
    if (state().end() == Watermark.NONE) {
      // Nothing is known of the metric: if the commits have some of it, it was in force long ago.
      load(from, Long.MAX_VALUE);
      slices.values().forEach(slice -> state().extend(slice.end));
    } else {
      load(from, state().end());
    }
  }

  private void load(long from, long to) {
    source()
        .scan(
            id(),
            Level.BASE,
            from,
            to,
            (bucket, block) -> {
              if (!slices.containsKey(bucket)) {
                load(bucket, block);
              }
            });
  }

  private void load(long bucket, byte[] block) {
    Cells cells = Cells.decode(layout(), block);
    if (cells.size() > 0) {
      put(bucket, cells);
    }
  }

  /** The first slice that is not final. */
  private long firstOpen() {
    return (Math.floorDiv(horizon() - window, size) + 1) * size;
  }

  @Override
  NavigableMap<Long, Cells> live(long from, long to) {
    TreeMap<Long, Cells> copies = new TreeMap<>();
    if (from < to) {
      slices.subMap(from, to).forEach((start, slice) -> copies.put(start, shown(slice)));
    }
    return copies;
  }

  /** A copy, shared by those who ask between two events of the slice. */
  private static Cells shown(Slice slice) {
    Cells shown = slice.shown;
    if (shown == null) {
      shown = slice.cells.copy();
      slice.shown = shown;
    }
    return shown;
  }

  @Override
  long series() {
    return slices.values().stream().mapToLong(slice -> slice.cells.size()).max().orElse(0);
  }

  long firstHeld() {
    return slices.isEmpty() ? Long.MAX_VALUE : slices.firstKey();
  }

  /** From now on what events add to these slices is kept apart as well. */
  void rotate(Collection<Long> starts) {
    for (long start : starts) {
      Cells cells = empty();
      apart.put(start, cells);
      Slice slice = slices.get(start);
      if (slice != null) {
        slice.apart = cells;
      }
    }
  }

  @Override
  void abandon() {
    apart.clear();
    slices.values().forEach(slice -> slice.apart = null);
  }

  /**
   * Puts what the rows yield in the place of a slice. Every cell keeps the count of what came late,
   * and one more if somebody has seen the slice closed.
   */
  void replace(long start, Cells cells, long watermark) {
    if (!apart.containsKey(start)) {
      throw new IllegalStateException("nothing was prepared for being replaced");
    }
    Cells fresh = Cells.decode(layout(), cells.encode());
    Slice slice = slices.get(start);
    Cells before = slice == null ? fromCommits(start) : slice.cells;
    int replaced = watermark >= start + size ? 1 : 0;
    for (int slot : fresh.sorted()) {
      int old = before == null ? -1 : before.find(fresh.key(slot));
      fresh.setLate(slot, replaced + (before == null || old < 0 ? 0 : before.late(old)));
    }
    Cells since = apart.remove(start);
    if (since != null) {
      // Their lateness is in that of the cells before.
      forgetLate(since, fresh);
      fresh.merge(since);
    }
    if (slice == null) {
      slice = put(start, fresh);
    }
    slice.cells = fresh;
    slice.shown = null;
    slice.apart = null;
    slice.isWhole = true;
  }

  private static void forgetLate(Cells since, Cells known) {
    for (int slot : since.sorted()) {
      if (known.find(since.key(slot)) >= 0) {
        since.setLate(slot, 0);
      }
    }
  }

  /** A slice that only commits hold; null if they don't. */
  private @Nullable Cells fromCommits(long start) {
    List<Cells> found = new ArrayList<>();
    if (isFinal(start) || start >= state().end()) {
      source()
          .scan(
              id(),
              Level.BASE,
              start,
              start + size,
              (_, block) -> found.add(Cells.decode(layout(), block)));
    }
    return found.isEmpty() ? null : found.getFirst();
  }
}
