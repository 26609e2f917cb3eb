package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.event.Metrics;
import dev.leat.event.RowChunk;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The running results of all metrics: a state machine like the rest of the pipeline, so that the
 * same events in the same order give the same results wherever they are cut into batches, commits
 * and lives. One thread at a time: whoever reads takes the lock of whoever writes.
 */
public final class Aggregates {
  /** So many metrics that left are known, for when they come back. */
  private static final int MAX_RETIRED = 1_000;

  private static final int MAX_STREAMS = 1_000;
  private static final int FORMAT = 1;

  private final Source source;
  private final MarkBook marks = new MarkBook();

  /** Of all metrics that are known, in force or not; those that left last at the end. */
  private final LinkedHashMap<Long, MetricState> states = new LinkedHashMap<>();

  private final TreeMap<String, Watermark> watermarks = new TreeMap<>();
  private final LinkedHashMap<Long, Aggregator> metrics = new LinkedHashMap<>();
  private final Map<String, AggregatedStream> streams = new HashMap<>();

  /** Metrics that left, until what they had is durable. */
  private final PendingUntilCommit<Aggregator> leaving = new PendingUntilCommit<>();

  private long logTime = Watermark.NONE;
  private long cuts;

  private Aggregates(Source source) {
    this.source = source;
  }

  /** Where the cells of earlier commits are read from. */
  @FunctionalInterface
  public interface Source {
    /** Every bucket of a level that begins in the stretch, oldest first. */
    void scan(long metric, Level level, long from, long to, Buckets receiver);
  }

  /** Takes buckets. */
  @FunctionalInterface
  public interface Buckets {
    /** Takes one bucket, whose block is laid out as {@link CellBlock} says. */
    void bucket(long bucket, byte[] block);
  }

  /** Something in the past that has to be computed anew from rows. Ordered by what it names. */
  public sealed interface Mark {
    /** The position of the last event that made it. */
    long position();

    /** A bucket that an event came too late or too early for, or whose events were corrected. */
    record Bucket(long metric, long bucket, long position) implements Mark {}

    /** Sessions of one series around a time. */
    @SuppressWarnings("ArrayRecordComponent") // Opaque bytes.
    record Session(long metric, byte[] series, long time, long position) implements Mark {}

    /**
     * An event of a stream that was undone: whose time, and so whose buckets, rows have to tell.
     */
    record Corrected(String stream, long target, long position) implements Mark {}
  }

  /**
   * The sessions of one bucket that are held in memory, and the keys of those that commits have but
   * that are no more. What commits have otherwise still stands; what is held goes before it.
   */
  public record HeldSessions(Cells held, List<byte[]> gone) {}

  /**
   * Goes on where a commit ended.
   *
   * @param header of the last cut that was committed; empty for none
   * @param source of what was committed; also asked later, by {@link #use}, {@link #replace} and
   *     {@link #replaceSessions}
   */
  public static Aggregates restore(byte[] header, Source source) {
    Aggregates aggregates = new Aggregates(source);
    if (header.length > 0) {
      aggregates.decode(new ByteReader(header));
    }
    return aggregates;
  }

  /**
   * Puts metrics in force: those that were go on, others begin. Of metrics no longer in force
   * nothing is counted, and what they had stays where it is. Call it between two events, before a
   * processor is made.
   */
  public void use(List<MetricPlan> plans, Function<String, DataSchema> schemas) {
    count();
    metrics.values().forEach(this::reach);
    Map<Long, Aggregator> before = new LinkedHashMap<>(metrics);
    leaving.forEach(metric -> before.putIfAbsent(metric.id(), metric));
    List<Aggregator> left = new ArrayList<>(metrics.values());
    metrics.clear();
    streams.clear();
    Map<String, List<Aggregator>> ofStreams = new LinkedHashMap<>();
    for (MetricPlan plan : plans) {
      String stream = plan.spec().from();
      watermarks.computeIfAbsent(stream, _ -> new Watermark(plan.time())).use(plan.time());
      Aggregator metric = aggregator(plan, schemas.apply(stream), before.get(plan.id()));
      metrics.put(plan.id(), metric);
      ofStreams.computeIfAbsent(stream, _ -> new ArrayList<>()).add(metric);
    }
    ofStreams.forEach(
        (stream, counting) ->
            streams.put(
                stream,
                new AggregatedStream(
                    stream,
                    this,
                    marks,
                    Objects.requireNonNull(watermarks.get(stream)),
                    counting,
                    schemas.apply(stream))));
    left.removeIf(metric -> metrics.containsKey(metric.id()));
    left.forEach(this::retire);
    forget();
  }

  private Aggregator aggregator(MetricPlan plan, DataSchema schema, @Nullable Aggregator before) {
    if (before != null) {
      states.putIfAbsent(plan.id(), before.state());
      before.use(plan, schema);
      return before;
    }
    MetricState state = states.computeIfAbsent(plan.id(), _ -> new MetricState());
    Aggregator begun = Aggregator.of(plan, schema, state, marks, source);
    begun.reach(watermark(begun));
    begun.load();
    return begun;
  }

  private void retire(Aggregator metric) {
    metric.abandon();
    leaving.add(metric);
    MetricState state = metric.state();
    state.clearCounters();
    states.remove(metric.id());
    states.put(metric.id(), state);
  }

  /** Forgets what is of no use any more, and what there is too much of. */
  private void forget() {
    Iterator<Long> known = states.keySet().iterator();
    while (states.size() - metrics.size() > MAX_RETIRED && known.hasNext()) {
      if (!metrics.containsKey(known.next())) {
        known.remove();
      }
    }
    if (watermarks.size() > MAX_STREAMS) {
      watermarks.keySet().retainAll(streams.keySet());
    }
    marks.retain(states::containsKey, watermarks::containsKey);
  }

  /** What the events of a stream are counted in. */
  StreamAggregates of(String stream) {
    AggregatedStream counted = streams.get(stream);
    return counted == null ? StreamAggregates.NONE : counted;
  }

  /**
   * Counts rows that are complete already, for metrics without a condition: what there is to do
   * once events are decoded and decided on.
   *
   * @param from the first row
   * @param to the one behind the last
   */
  public void add(String stream, RowChunk chunk, int from, int to) {
    AggregatedStream counted = streams.get(stream);
    if (counted != null) {
      counted.add(chunk, from, to);
      return;
    }
    for (int row = from; row < to; row++) {
      advance(chunk.receivedMicros.get(row));
    }
  }

  /**
   * Says that log time has come so far: where a stream is silent, event time goes on with it. A
   * {@link Processor} says it of every event; others say it of records that no processor sees, at
   * their places in the log.
   */
  public void advance(long receivedMicros) {
    logTime = Math.max(logTime, receivedMicros);
  }

  long logTime() {
    return logTime;
  }

  /** Counts the events that have gathered: before anything is told or changed but by events. */
  private void count() {
    streams.values().forEach(AggregatedStream::count);
  }

  /** A metric in force, in which all events are counted. */
  private @Nullable Aggregator counted(long metric) {
    count();
    return metrics.get(metric);
  }

  private void reach(Aggregator metric) {
    metric.reach(watermark(metric));
  }

  private long watermark(Aggregator metric) {
    Watermark watermark = watermarks.get(metric.stream());
    return watermark == null ? Watermark.NONE : watermark.at(logTime);
  }

  /** Whether some window that has events is still open, so that time passing would close it. */
  public boolean isWaiting() {
    count();
    for (Aggregator metric : metrics.values()) {
      if (metric.isWaiting(watermark(metric))) {
        return true;
      }
    }
    return false;
  }

  /** What changed since the last cut. */
  public AggregatesCut cut() {
    count();
    long number = ++cuts;
    List<BucketChange> changes = new ArrayList<>();
    for (Aggregator metric : metrics.values()) {
      reach(metric);
      metric.cut(number, changes);
    }
    leaving.forEachUncut(metric -> metric.cut(number, changes));
    leaving.cut(number);
    ByteWriter header = new ByteWriter();
    encode(header);
    return new AggregatesCut(number, header.toByteArray(), changes);
  }

  /**
   * The cuts up to this number are durable: what is final and in them need not be held any more.
   */
  public void committed(long number) {
    count();
    metrics.values().forEach(metric -> metric.committed(number));
    leaving.committed(number, _ -> {});
  }

  /**
   * Copies of the buckets of a metric that are held in memory and begin in the stretch. They are
   * whole: for these the commits need not be asked; but see {@link #liveSessions}. Several readers
   * may get the same copy, and change nothing in it. Null if the metric is not in force.
   */
  public @Nullable NavigableMap<Long, Cells> live(long metric, long from, long to) {
    Aggregator known = counted(metric);
    return known == null ? null : known.live(from, to);
  }

  /**
   * For a metric of sessions, what is held of the buckets that begin in the stretch, as copies. A
   * bucket's settled sessions are in the commits alone. Null if no such metric is in force.
   */
  public @Nullable NavigableMap<Long, HeldSessions> liveSessions(long metric, long from, long to) {
    return counted(metric) instanceof SessionAggregator known ? known.held(from, to) : null;
  }

  /**
   * Where the first slice begins that is held in memory, so that commits may not have all of it;
   * {@code Long.MAX_VALUE} if there is none, or windows are sessions.
   */
  public long firstHeld(long metric) {
    return counted(metric) instanceof SliceAggregator slices ? slices.firstHeld() : Long.MAX_VALUE;
  }

  /** How far event time has come; null before the first event or if it is not in force. */
  public @Nullable Long watermark(long metric) {
    Aggregator known = metrics.get(metric);
    long reached = known == null ? Watermark.NONE : watermark(known);
    return reached == Watermark.NONE ? null : reached;
  }

  /** How many series the fullest bucket that is held has; for sessions, how many are held. */
  public long series(long metric) {
    Aggregator known = counted(metric);
    return known == null ? 0 : known.series();
  }

  /** Where the events of a metric went since it was put in force. */
  public Metrics.Counts counts(long metric) {
    Aggregator known = counted(metric);
    return known == null
        ? new MetricCounters().counts(0)
        : known.counters().counts(marks.pending(metric, known.stream()));
  }

  /**
   * What waits for a recomputation, of the metrics in force. Corrections of a stream that none of
   * them counts go on waiting unseen, as all marks do after {@link #restore} until {@link #use}:
   * whoever looked at them then would find that they ask for nothing, and cross them out.
   */
  public List<Mark> marks() {
    return marks.list(metrics::containsKey, streams::containsKey);
  }

  /** How many marks were not kept, for too many wait: their buckets differ from the rows. */
  public long lostMarks() {
    return marks.lost();
  }

  /**
   * Prepares slices for {@link #replace}: from now on what events add to them is kept apart as
   * well, so that it can be added to what the rows up to now yield. Once more for a slice begins
   * anew. Call it between two batches.
   */
  public void rotate(long metric, Collection<Long> buckets) {
    if (counted(metric) instanceof SliceAggregator slices) {
      slices.rotate(buckets);
    }
  }

  /**
   * Puts what rows yield in the place of a slice, and adds what came since {@link #rotate}. The
   * cells keep their counts of late events, and one more if the slice was closed.
   *
   * @param cells empty if there is no such row any more
   */
  public void replace(long metric, long bucket, Cells cells) {
    if (counted(metric) instanceof SliceAggregator slices) {
      reach(slices);
      slices.replace(bucket, cells, watermark(slices));
    }
  }

  /**
   * Prepares sessions for {@link #replaceSessions}, as {@link #rotate} does slices, until {@link
   * #abandon}. One stretch of a metric at a time: another call begins anew.
   *
   * @param series keys of the series that are concerned, without starts; null for all
   */
  public void rotateSessions(long metric, long from, long to, @Nullable Collection<byte[]> series) {
    if (counted(metric) instanceof SessionAggregator sessions) {
      sessions.rotate(from, to, series);
    }
  }

  /**
   * Puts what rows yield in the place of some sessions, be they held or committed, of the series
   * and the stretch that {@link #rotateSessions} was told. What came since is joined to them.
   * Others may be replaced by further calls.
   *
   * @param sessions by the bucket they begin in; those that are none of the parts are left out
   * @param parts whose ends are times between sessions
   * @return the series that could not be replaced, and were not changed, since a session of theirs
   *     has come to lie on both sides of an end, or close to it; try again with wider parts
   */
  public Collection<byte[]> replaceSessions(
      long metric, NavigableMap<Long, Cells> sessions, SessionParts parts) {
    if (counted(metric) instanceof SessionAggregator known) {
      reach(known);
      return known.replace(sessions, parts, watermark(known));
    }
    return List.of();
  }

  /** Forgets what a metric was prepared for: all is replaced, or it comes to nothing. */
  public void abandon(long metric) {
    Aggregator known = counted(metric);
    if (known != null) {
      known.abandon();
    }
  }

  /** Crosses out marks that were made at or before their position. */
  public void settle(Collection<Mark> settled) {
    marks.settle(settled);
  }

  private void encode(ByteWriter out) {
    out.putByte(FORMAT);
    out.putLong(logTime);
    out.putVarint(watermarks.size());
    watermarks.forEach(
        (stream, watermark) -> {
          MarkBook.writeText(stream, out);
          watermark.encode(out);
        });
    out.putVarint(states.size());
    states.forEach(
        (id, state) -> {
          out.putLong(id);
          state.encode(out);
        });
    marks.encode(out);
  }

  private void decode(ByteReader in) {
    int format = in.getByte();
    if (format != FORMAT) {
      throw new IllegalStateException("metrics in the unknown format " + format);
    }
    logTime = in.getLong();
    for (int i = in.getCount(1); i > 0; i--) {
      String stream = MarkBook.readText(in);
      Watermark watermark = new Watermark(StreamSpec.Time.DEFAULT);
      watermark.decode(in);
      watermarks.put(stream, watermark);
    }
    for (int i = in.getCount(1); i > 0; i--) {
      states.put(in.getLong(), MetricState.decode(in));
    }
    marks.decode(in);
  }
}
