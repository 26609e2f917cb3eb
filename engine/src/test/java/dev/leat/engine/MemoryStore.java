package dev.leat.engine;

import dev.leat.event.DataSchema;
import dev.leat.event.EventStore;
import dev.leat.event.ProvidedTables;
import dev.leat.event.RowChunk;
import dev.leat.event.TableSpec;
import dev.leat.event.ViewSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A store in memory: what was committed survives {@link #crash}, rows and fields, what was only
 * published does not.
 */
final class MemoryStore implements EventStore {
  private final Map<String, TableSpec> tables = new TreeMap<>();
  private final Map<String, DataSchema> schemas = new HashMap<>();
  private final Map<Long, Shape> shapes = new HashMap<>();
  private Shape committedShape = new Shape(Map.of(), Map.of());
  private final List<TableChunk> rows = new ArrayList<>();
  private MemoryIntake intake = new MemoryIntake();
  private List<ViewSpec> views = List.of();
  private byte[] state = {};
  private long committed;
  private long published;
  private int failures;
  private int commits;
  private int failed;
  private boolean blocked;

  /** The tables and their fields at a cut. */
  private record Shape(Map<String, TableSpec> tables, Map<String, List<DataSchema.Entry>> fields) {}

  /** The next commits fail. */
  synchronized void failCommits(int count) {
    failures = count;
  }

  /** Commits wait until they are let go. */
  synchronized void block(boolean block) {
    blocked = block;
    notifyAll();
  }

  /** Offsets of a table's committed rows, sorted. */
  synchronized List<Long> rows(String table) {
    List<Long> offsets = new ArrayList<>();
    for (TableChunk each : rows) {
      if (each.table().equals(table)) {
        for (int row = 0; row < each.chunk().view().rows(); row++) {
          offsets.add(each.chunk().offset.get(row));
        }
      }
    }
    return offsets.stream().sorted().toList();
  }

  /** All that was committed. */
  synchronized List<TableChunk> committedChunks() {
    return List.copyOf(rows);
  }

  synchronized void crash() {
    published = committed;
    intake = new MemoryIntake();
    shapes.clear();
    tables.clear();
    tables.putAll(committedShape.tables());
    schemas.clear();
    committedShape.fields().forEach((table, fields) -> schemas.put(table, DataSchema.of(fields)));
    tables.forEach(
        (table, spec) -> Objects.requireNonNull(schemas.get(table)).setClosed(spec.declared()));
  }

  private Shape shape() {
    Map<String, List<DataSchema.Entry>> fields = new HashMap<>();
    schemas.forEach((table, schema) -> fields.put(table, schema.entries()));
    return new Shape(Map.copyOf(tables), fields);
  }

  synchronized void awaitCommits(int count) throws InterruptedException {
    while (commits < count) {
      wait();
    }
  }

  synchronized void awaitFailures(int count) throws InterruptedException {
    while (failed < count) {
      wait();
    }
  }

  @Override
  public synchronized long committed() {
    return committed;
  }

  @Override
  public synchronized byte[] state() {
    return state.clone();
  }

  @Override
  public synchronized void define(TableSpec spec) {
    tables.put(spec.name(), spec);
    schemas.computeIfAbsent(spec.name(), _ -> new DataSchema()).setClosed(spec.declared());
  }

  @Override
  public synchronized List<TableSpec> tables() {
    return List.copyOf(tables.values());
  }

  @Override
  public synchronized DataSchema schema(String table) {
    return Objects.requireNonNull(schemas.get(table));
  }

  @Override
  public synchronized Intake intake() {
    return intake;
  }

  @Override
  public synchronized Commit commit(Cut cut, byte[] with) throws InterruptedException {
    while (blocked) {
      wait();
    }
    if (failures > 0) {
      failures--;
      failed++;
      notifyAll();
      return new Commit.Failed("told to fail");
    }
    rows.addAll(cut.chunks());
    intake.cut.removeAll(cut.chunks());
    committed = cut.nextOffset();
    committedShape = Objects.requireNonNull(shapes.get(committed));
    state = with.clone();
    commits++;
    notifyAll();
    return new Commit.Done(commits, rows.size(), 0);
  }

  @Override
  public synchronized Tally tally() {
    Map<String, Long> counts = new HashMap<>();
    List<TableChunk> all = new ArrayList<>(rows);
    all.addAll(intake.cut);
    all.addAll(intake.present);
    for (TableChunk each : all) {
      counts.merge(each.table(), (long) each.chunk().view().rows(), Long::sum);
    }
    return new Tally(published, counts);
  }

  @Override
  public synchronized boolean awaitVisible(long nextOffset, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (published < nextOffset) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  @Override
  public synchronized long visibleOffset() {
    return published;
  }

  @Override
  public Answer query(Question question, Receiver receiver) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status status() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  private final class MemoryIntake implements Intake {
    private final List<TableChunk> present = new ArrayList<>();
    private final List<TableChunk> cut = new ArrayList<>();

    @Override
    public RowChunk chunk(String table, int shard) {
      for (TableChunk each : present) {
        RowChunk chunk = each.chunk();
        if (each.table().equals(table) && chunk.shard() == shard && !chunk.isFull()) {
          return chunk;
        }
      }
      TableChunk fresh = new TableChunk(table, new RowChunk(shard));
      synchronized (MemoryStore.this) {
        present.add(fresh);
      }
      return fresh.chunk();
    }

    @Override
    public void publish(long nextOffset) {
      synchronized (MemoryStore.this) {
        present.forEach(each -> each.chunk().publish());
        published = nextOffset;
        MemoryStore.this.notifyAll();
      }
    }

    @Override
    public Cut cut() {
      synchronized (MemoryStore.this) {
        Cut made = new Cut(present, published, shape().fields());
        cut.addAll(present);
        present.clear();
        shapes.put(published, shape());
        return made;
      }
    }

    @Override
    public long uncommittedBytes() {
      return present.stream().mapToLong(each -> each.chunk().payloadBytes()).sum();
    }
  }

  @Override
  public void provide(ProvidedTables tables) {}

  @Override
  public String refusal(ViewSpec view, List<ViewSpec> before) {
    return "";
  }

  /** Takes note of them and computes nothing. */
  @Override
  public synchronized void materialise(List<ViewSpec> views) {
    this.views = List.copyOf(views);
  }

  @Override
  public synchronized List<ViewSpec.Status> views() {
    return views.stream()
        .map(
            view ->
                new ViewSpec.Status(view.name(), view.refresh() == null, -1, 0, 0, "not computed"))
        .toList();
  }
}
