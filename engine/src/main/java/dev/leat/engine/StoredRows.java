package dev.leat.engine;

import dev.leat.event.EventStore;
import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import dev.leat.event.EventStore.Question;
import dev.leat.event.RowChunk;
import dev.leat.event.Threads;
import dev.leat.pipeline.MetricPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of streams as a recomputation reads them: those that count, in the order of the log, a
 * page at a time. Any thread; {@link #stop} ends what runs.
 */
final class StoredRows {
  /** So many rows are sorted at once. */
  static final int PAGE_ROWS = 1_000_000;

  /** So many positions stand in one statement. */
  private static final int MAX_POSITIONS = 1_000;

  private static final Duration TIME_LIMIT = Duration.ofMinutes(10);
  private static final Duration VISIBLE = Duration.ofMinutes(1);
  private static final Duration STOP_CHECK = Duration.ofMillis(50);
  private static final long BUSY_NANOS = Duration.ofMinutes(2).toNanos();

  /** Times beyond are no time stamps in SQL; no event has them. */
  private static final long MAX_MICROS = 1L << 61;

  static final long MICROS_PER_DAY = 86_400_000_000L;

  private final EventStore store;
  private final Threads threads;
  private final int pageRows;
  private final Set<Thread> asking = new HashSet<>(); // guarded by this
  private boolean stopped; // guarded by this

  StoredRows(EventStore store, Threads threads) {
    this(store, PAGE_ROWS, threads);
  }

  StoredRows(EventStore store, int pageRows, Threads threads) {
    this.store = store;
    this.threads = threads;
    this.pageRows = pageRows;
  }

  /** Takes rows; the chunk is only good while the call lasts. */
  @FunctionalInterface
  interface Receiver {
    void row(RowChunk chunk, int row);
  }

  /** A stretch of event time in a stream, and of the log. */
  record Part(String stream, long from, long to, long below) {
    private String where() {
      return "time >= make_timestamptz(%d) AND time < make_timestamptz(%d) AND log_offset < %d"
          .formatted(clamp(from), clamp(to), below);
    }

    private static long clamp(long micros) {
      return Math.clamp(micros, -MAX_MICROS, MAX_MICROS);
    }
  }

  /** Ends statements that run, and lets none begin. */
  synchronized void stop() {
    stopped = true;
    asking.forEach(Thread::interrupt);
  }

  synchronized boolean isStopped() {
    return stopped;
  }

  /**
   * The rows of the part that nothing superseded, with what the metric needs of them.
   *
   * @return how many there are
   * @throws Tables.TablesException if the tables can't answer now
   */
  long read(MetricPlan metric, Part part, Receiver receiver) throws InterruptedException {
    RowColumns columns = RowColumns.of(metric.spec(), store.schema(part.stream()));
    return read(
        columns,
        "%s AS %s".formatted(quoted(part.stream()), RowColumns.ALIAS),
        part.where(),
        receiver);
  }

  /** The row at a position with what the metric needs of it, whether it counts or not. */
  void readAt(MetricPlan metric, long position, Receiver receiver) throws InterruptedException {
    String stream = metric.spec().from();
    RowColumns columns = RowColumns.of(metric.spec(), store.schema(stream));
    read(
        columns,
        "%s AS %s".formatted(quoted(stream + "_history"), RowColumns.ALIAS),
        "log_offset = %d".formatted(position),
        receiver);
  }

  private long read(RowColumns columns, String table, String where, Receiver receiver)
      throws InterruptedException {
    long rows = 0;
    long last = -1;
    Page page;
    do {
      page = new Page(columns, receiver);
      ask(
          "SELECT %s FROM %s WHERE %s AND log_offset > %d ORDER BY log_offset LIMIT %d"
              .formatted(columns.sql(), table, where, last, pageRows),
          page);
      rows += page.rows;
      last = page.last;
    } while (page.rows == pageRows);
    return rows;
  }

  private static final class Page implements EventStore.Receiver {
    /** Most statements are for the rows of one window, and a full chunk takes half a megabyte. */
    private static final int FIRST_ROWS = 256;

    private final RowColumns columns;
    private final Receiver receiver;
    private RowChunk chunk = new RowChunk(0, FIRST_ROWS);
    private long rows;
    private long last = -1;

    Page(RowColumns columns, Receiver receiver) {
      this.columns = columns;
      this.receiver = receiver;
    }

    @Override
    public void columns(List<ColumnInfo> names) {
      // Their order is that of the statement.
    }

    @Override
    public void row(@Nullable Object[] values) {
      if (chunk.isFull()) {
        chunk = new RowChunk(0, chunk.sizes());
      }
      int row = columns.add(values, chunk);
      last = chunk.offset.get(row);
      rows++;
      receiver.row(chunk, row);
    }
  }

  /** How many rows each UTC day has, those that are superseded included; days as micros. */
  NavigableMap<Long, Long> days(Part part) throws InterruptedException {
    return histogram(part, MICROS_PER_DAY);
  }

  /** How many rows each stretch of so many micros has, likewise; only those that have rows. */
  NavigableMap<Long, Long> histogram(Part part, long micros) throws InterruptedException {
    NavigableMap<Long, Long> counts = new TreeMap<>();
    numbers(
        "SELECT u - ((u %% %d) + %d) %% %d, count(*) FROM (SELECT epoch_us(time) AS u FROM %s WHERE %s) GROUP BY 1"
            .formatted(micros, micros, micros, quoted(part.stream() + "_history"), part.where()),
        row -> counts.put(row[0], row[1]));
    return counts;
  }

  /** The times of the rows at these positions; what has no row is left out. */
  Map<Long, Long> times(String stream, Collection<Long> positions) throws InterruptedException {
    Map<Long, Long> times = new HashMap<>();
    List<Long> all = List.copyOf(positions);
    for (int from = 0; from < all.size(); from += MAX_POSITIONS) {
      List<Long> some = all.subList(from, Math.min(all.size(), from + MAX_POSITIONS));
      numbers(
          "SELECT log_offset, epoch_us(time) FROM %s WHERE log_offset IN (%s)"
              .formatted(
                  quoted(stream + "_history"),
                  some.stream().map(String::valueOf).collect(Collectors.joining(", "))),
          row -> times.put(row[0], row[1]));
    }
    return times;
  }

  /** When the oldest row that is there was received; {@code Long.MAX_VALUE} if there is none. */
  long oldestReceived(String stream) throws InterruptedException {
    long[] oldest = {Long.MAX_VALUE};
    numbers(
        "SELECT min(epoch_us(received_at)) FROM %s".formatted(quoted(stream + "_history")),
        row -> oldest[0] = row[0]);
    return oldest[0];
  }

  /** Waits until every event below shows in the tables. */
  void awaitVisible(long position) throws InterruptedException {
    long begun = threads.nanoTime();
    while (!store.awaitVisible(position, STOP_CHECK)) {
      if (isStopped()) {
        throw new Tables.TablesException("Leat is stopping");
      }
      if (threads.nanoTime() - begun > VISIBLE.toNanos()) {
        throw new Tables.TablesException(
            "the tables did not reach %d within %d s".formatted(position, VISIBLE.toSeconds()));
      }
    }
  }

  /** Rows of numbers; one with a null is left out. */
  private void numbers(String sql, Consumer<long[]> receiver) throws InterruptedException {
    List<long[]> rows = new ArrayList<>();
    ask(
        sql,
        new EventStore.Receiver() {
          @Override
          public void columns(List<ColumnInfo> columns) {
            rows.clear();
          }

          @Override
          public void row(@Nullable Object[] values) {
            long[] row = new long[values.length];
            for (int i = 0; i < values.length; i++) {
              if (!(values[i] instanceof Number number)) {
                return;
              }
              row[i] = number.longValue();
            }
            rows.add(row);
          }
        });
    rows.forEach(receiver);
  }

  /** A store that is busy is asked again, for a while: a recomputation has time. */
  private void ask(String sql, EventStore.Receiver receiver) throws InterruptedException {
    long begun = threads.nanoTime();
    while (true) {
      begin();
      Answer answer;
      try {
        answer = store.query(new Question(sql, List.of(), TIME_LIMIT, Long.MAX_VALUE), receiver);
      } finally {
        end();
      }
      switch (answer) {
        case Answer.Rows rows -> {
          if (rows.truncated()) {
            throw new Tables.TablesException("the tables left rows out");
          }
          return;
        }
        case Answer.Refused refused -> {
          boolean again =
              refused.reason() == EventStore.Reason.BUSY
                  && threads.nanoTime() - begun < BUSY_NANOS
                  && !isStopped();
          if (!again) {
            throw new Tables.TablesException(refused.message());
          }
        }
      }
    }
  }

  private synchronized void begin() {
    if (stopped) {
      throw new Tables.TablesException("Leat is stopping");
    }
    asking.add(Thread.currentThread());
  }

  /** An interrupt that came too late for the statement is none for what the thread does next. */
  private synchronized void end() {
    asking.remove(Thread.currentThread());
    if (stopped) {
      boolean _ = Thread.interrupted();
    }
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }
}
