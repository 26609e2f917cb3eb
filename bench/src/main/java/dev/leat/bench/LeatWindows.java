package dev.leat.bench;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.Metrics;
import dev.leat.event.RowChunk;
import dev.leat.pipeline.Aggregates;
import dev.leat.pipeline.AggregatesCut;
import dev.leat.pipeline.BucketChange;
import dev.leat.pipeline.CellBlock;
import dev.leat.pipeline.CellLayout;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.Contents;
import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Kinds;
import dev.leat.pipeline.Level;
import dev.leat.pipeline.MetricAssembly;
import dev.leat.pipeline.MetricPlan;
import dev.leat.pipeline.Places;
import dev.leat.pipeline.Plan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The queries on Leat's own window code: rows that are decoded already go in, on one thread; every
 * second what changed is written to disk and forced, as a commit does.
 */
final class LeatWindows {
  private static final String STREAM = "bids";
  private static final int BATCH = 1_024;

  private final Query query;
  private final Plan plan;
  private final MetricPlan metric;
  private final Map<String, DataSchema> schemas = new HashMap<>();
  private final List<RowChunk> rows;

  LeatWindows(Query query, Bids bids) {
    this.query = query;
    this.plan = plan(query.definition());
    this.metric = plan.metrics().getFirst();
    plan.declare(this::schema);
    this.rows = rows(bids, schema(STREAM));
  }

  private DataSchema schema(String table) {
    return schemas.computeIfAbsent(table, _ -> new DataSchema());
  }

  static Plan plan(String yaml) {
    Definition.Reading reading = Definition.parse(yaml);
    if (!(reading instanceof Definition.Reading.Valid valid)) {
      throw new IllegalStateException(reading.toString());
    }
    Plan.Planning planning =
        Plan.compile(valid.definition(), Places.NONE, Contents.NONE, Kinds.BUILT_IN);
    if (!(planning instanceof Plan.Planning.Valid ready)) {
      throw new IllegalStateException(planning.toString());
    }
    return ready.plan();
  }

  private static List<RowChunk> rows(Bids bids, DataSchema schema) {
    DataSchema.Field auction = field(schema, "auction");
    DataSchema.Field bidder = field(schema, "bidder");
    DataSchema.Field price = field(schema, "price");
    List<RowChunk> chunks = new ArrayList<>();
    RowChunk chunk = new RowChunk(0);
    for (int i = 0; i < bids.count(); i++) {
      if (chunk.isFull()) {
        chunks.add(chunk);
        chunk = new RowChunk(0);
      }
      int row = chunk.rows();
      long micros = bids.timeMillis()[i] * 1_000;
      chunk.offset.set(row, i);
      chunk.timeMicros.set(row, micros);
      chunk.receivedMicros.set(row, micros);
      chunk.sampledRate.set(row, 1);
      ((Column.Longs) chunk.column(auction)).set(row, bids.auction()[i]);
      ((Column.Longs) chunk.column(bidder)).set(row, bids.bidder()[i]);
      ((Column.Longs) chunk.column(price)).set(row, bids.price()[i]);
      chunk.endRow(64);
    }
    chunks.add(chunk);
    return chunks;
  }

  private static DataSchema.Field field(DataSchema schema, String name) {
    return Objects.requireNonNull(
        schema.declare(schema.root(), name, DataSchema.Kind.LONG), "no column for " + name);
  }

  Outcome run(Path directory, Duration checkpoint) throws IOException {
    List<BucketChange> written = new ArrayList<>();
    Path file = directory.resolve("leat-%s-%d".formatted(query.label(), System.nanoTime()));
    try (FileChannel disk =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      Stopwatch watch = new Stopwatch();
      Aggregates aggregates = Aggregates.restore(new byte[0], (_, _, _, _, _) -> {});
      aggregates.use(plan.metrics(), this::schema);
      long events = 0;
      long checkpoints = 0;
      long next = System.nanoTime() + checkpoint.toNanos();
      for (RowChunk chunk : rows) {
        int count = chunk.rows();
        for (int row = 0; row < count; row += BATCH) {
          int end = Math.min(row + BATCH, count);
          aggregates.add(STREAM, chunk, row, end);
          events += end - row;
          if (System.nanoTime() >= next) {
            commit(aggregates, disk, written);
            checkpoints++;
            next = System.nanoTime() + checkpoint.toNanos();
          }
        }
      }
      commit(aggregates, disk, written);
      double seconds = watch.seconds();
      double cpuSeconds = watch.cpuSeconds();
      Digest digest = query.hasPeer() ? digest(aggregates, written) : new Digest();
      return new Outcome(
          "leat",
          query,
          events,
          seconds,
          cpuSeconds,
          watch.cpuSeconds() - cpuSeconds,
          checkpoints + 1,
          digest.text());
    }
  }

  private static void commit(Aggregates aggregates, FileChannel disk, List<BucketChange> written)
      throws IOException {
    AggregatesCut cut = aggregates.cut();
    disk.write(ByteBuffer.wrap(cut.header()));
    for (BucketChange change : cut.changes()) {
      disk.write(ByteBuffer.wrap(change.block()));
    }
    disk.force(false);
    written.addAll(cut.changes());
    aggregates.committed(cut.number());
  }

  /** Asks for all windows, as a reader would, and takes their values. */
  private Digest digest(Aggregates aggregates, List<BucketChange> written) {
    CellLayout layout = metric.layout(schema(STREAM));
    Map<Long, List<byte[]>> blocks = new TreeMap<>();
    for (BucketChange change : written) {
      List<byte[]> of = blocks.computeIfAbsent(change.bucket(), _ -> new ArrayList<>());
      if (change.whole()) {
        of.clear();
      }
      of.add(change.block());
    }
    NavigableMap<Long, Cells> buckets = new TreeMap<>();
    blocks.forEach(
        (bucket, of) -> buckets.put(bucket, Cells.decode(layout, CellBlock.overlay(of))));
    Metrics.Query all =
        new Metrics.Query(
            metric.name(),
            buckets.firstKey() - metric.windowMicros(),
            Long.MAX_VALUE,
            null,
            null,
            Map.of(),
            null,
            Long.MAX_VALUE);
    Digest digest = new Digest();
    for (Metrics.Series series :
        MetricAssembly.assemble(
            metric, layout, buckets, Level.BASE, all, aggregates.watermark(metric.id()))) {
      long key = series.labels().isEmpty() ? 0 : Long.parseLong(series.labels().getFirst());
      for (Metrics.Point point : series.points()) {
        long value = ((Number) Objects.requireNonNull(point.values()[0])).longValue();
        digest.add(point.start() / 1_000, point.end() / 1_000, key, value);
      }
    }
    return digest;
  }
}
