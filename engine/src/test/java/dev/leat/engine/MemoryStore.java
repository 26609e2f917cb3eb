package dev.leat.engine;

import dev.leat.event.DataSchema;
import dev.leat.event.EventStore;
import dev.leat.event.ProvidedTables;
import dev.leat.event.RowChunk;
import dev.leat.event.TableSpec;
import dev.leat.event.ViewSpec;
import java.time.Duration;
import java.time.Instant;
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
  private final List<Kept> kept = new ArrayList<>();
  private long lastVersion;
  private int failures;
  private int commits;
  private int failed;
  private boolean blocked;

  /** So many versions can be gone back to, the present one among them. */
  static final int KEPT = 4;

  /** A commit, with everything there was after it. */
  private record Kept(Version version, Shape shape, List<TableChunk> rows) {}

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

  /** The last commit was given something else to keep. */
  synchronized void overwriteState(byte[] other) {
    state = other;
    kept.set(
        0,
        new Kept(
            new Version(lastVersion, committed, other, Instant.EPOCH, 0),
            kept.getFirst().shape(),
            kept.getFirst().rows()));
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
    keep();
    notifyAll();
    return new Commit.Done(lastVersion, rows.size(), 0);
  }

  private void keep() {
    lastVersion++;
    long count = rows.stream().mapToLong(each -> each.chunk().view().rows()).sum();
    kept.addFirst(
        new Kept(
            new Version(lastVersion, committed, state, Instant.EPOCH, count),
            committedShape,
            List.copyOf(rows)));
    while (kept.size() > KEPT) {
      kept.removeLast();
    }
  }

  @Override
  public synchronized List<Version> versions() {
    return kept.stream().map(Kept::version).toList();
  }

  @Override
  public synchronized Commit rollback(long version) {
    if (published != committed || !intake.present.isEmpty()) {
      throw new IllegalStateException("rows were written already");
    }
    if (failures > 0) {
      failures--;
      return new Commit.Failed("told to fail");
    }
    Kept to =
        version == 0
            ? new Kept(
                new Version(0, 0, new byte[0], Instant.EPOCH, 0),
                new Shape(Map.of(), Map.of()),
                List.of())
            : kept.stream()
                .filter(each -> each.version().version() == version)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no version " + version));
    kept.removeIf(each -> each.version().version() >= version);
    if (version > 0) {
      kept.addFirst(to);
    }
    rows.clear();
    rows.addAll(to.rows());
    committed = to.version().nextOffset();
    committedShape = to.shape();
    state = to.version().state();
    keep();
    kept.removeIf(each -> each.version().version() == version);
    crash();
    return new Commit.Done(lastVersion, 0, 0);
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
