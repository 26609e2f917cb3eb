package dev.leat.trials;

import dev.leat.event.DataSchema;
import dev.leat.event.Disk;
import dev.leat.event.EventStore;
import dev.leat.event.ProvidedTables;
import dev.leat.event.RowChunk;
import dev.leat.event.TableSpec;
import dev.leat.event.ViewSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the promise of {@link EventStore} in a simulation, where DuckDB can't be: rows in a {@link
 * SimJournal} on a disk that forgets, fresh ones in their chunks. It answers the statements with
 * which the engine recomputes metrics, and no others; it computes no views. A model of the real
 * store, not the real one.
 */
final class SimStore implements EventStore {
  private static final int CHUNK_ROWS = 16;

  /** So many versions can be gone back to, the present one among them. */
  private static final int KEPT = 4;

  /** A commit that can be gone back to. */
  private record Kept(Version version, SimCommit commit) {}

  private final World world;
  private final SimJournal journal;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final SimIntake intake = new SimIntake();

  // Guarded by lock.
  private final Map<String, TableSpec> tables = new TreeMap<>();
  private final Map<String, DataSchema> schemas = new TreeMap<>();
  private final List<SimRow> sealed = new ArrayList<>();
  private final Map<String, Long> sealedRows = new TreeMap<>(); // by table
  private final List<TableChunk> hot = new ArrayList<>();
  private final List<Kept> kept = new ArrayList<>(); // the newest first
  private List<ViewSpec> views = List.of();
  private byte[] state = {};
  private long committed;
  private long published;
  private long version;

  /** Opens what was committed. */
  SimStore(Disk disk, World world) throws IOException {
    this.world = world;
    this.journal = new SimJournal(disk);
    for (byte[] record : journal.records()) {
      SimCommit commit = SimCommit.decode(record);
      moveTo(commit);
      define(commit);
    }
    published = committed;
  }

  private void moveTo(SimCommit commit) {
    if (commit.after() < version) {
      Kept to = kept(commit.after());
      sealed.subList(to == null ? 0 : Math.toIntExact(to.version().rows()), sealed.size()).clear();
      sealedRows.clear();
      sealed.forEach(row -> sealedRows.merge(row.table(), 1L, Long::sum));
      kept.removeIf(each -> each.version().version() >= commit.after());
    }
    sealed.addAll(commit.rows());
    commit.rows().forEach(row -> sealedRows.merge(row.table(), 1L, Long::sum));
    committed = commit.nextOffset();
    state = commit.state();
    version++;
    kept.addFirst(new Kept(new Version(version, committed, state, null, sealed.size()), commit));
    while (kept.size() > KEPT) {
      kept.removeLast();
    }
  }

  private @Nullable Kept kept(long wanted) {
    return kept.stream()
        .filter(each -> each.version().version() == wanted)
        .findFirst()
        .orElse(null);
  }

  private void define(SimCommit commit) {
    tables.clear();
    commit.tables().forEach(table -> tables.put(table.name(), table));
    schemas.clear();
    commit
        .fields()
        .forEach(
            (table, fields) -> {
              DataSchema schema = DataSchema.of(fields);
              TableSpec spec = tables.get(table);
              schema.setClosed(spec != null && spec.declared());
              schemas.put(table, schema);
            });
  }

  /** All rows that are committed, in the order in which they were. */
  List<SimRow> committedRows() {
    lock.lock();
    try {
      return List.copyOf(sealed);
    } finally {
      lock.unlock();
    }
  }

  /** All rows that show, fresh ones too. */
  List<SimRow> rows() {
    lock.lock();
    try {
      List<SimRow> all = new ArrayList<>(sealed);
      for (TableChunk each : hot) {
        SimRow.addAll(each.table(), each.chunk().view(), entries(each.table()), all);
      }
      return all;
    } finally {
      lock.unlock();
    }
  }

  private List<DataSchema.Entry> entries(String table) {
    return schema(table).entries();
  }

  @Override
  public long committed() {
    lock.lock();
    try {
      return committed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public byte[] state() {
    lock.lock();
    try {
      return state.clone();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void define(TableSpec spec) {
    lock.lock();
    try {
      tables.put(spec.name(), spec);
      schemas.computeIfAbsent(spec.name(), _ -> new DataSchema()).setClosed(spec.declared());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<TableSpec> tables() {
    lock.lock();
    try {
      return List.copyOf(tables.values());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public DataSchema schema(String table) {
    lock.lock();
    try {
      DataSchema schema = schemas.get(table);
      if (schema == null) {
        throw new IllegalArgumentException("there is no table " + table);
      }
      return schema;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Intake intake() {
    return intake;
  }

  @Override
  public Commit commit(Cut cut, byte[] with) {
    List<SimRow> rows = new ArrayList<>();
    for (TableChunk each : cut.chunks()) {
      SimRow.addAll(
          each.table(),
          each.chunk().view(),
          cut.fields().getOrDefault(each.table(), List.of()),
          rows);
    }
    SimCommit commit =
        new SimCommit(cut.nextOffset(), with.clone(), tables(), cut.fields(), rows, version());
    byte[] record = commit.encode();
    try {
      journal.append(record);
    } catch (IOException failed) {
      return new Commit.Failed("the rows could not be written: " + failed.getMessage());
    }
    lock.lock();
    try {
      moveTo(commit);
      hot.removeAll(cut.chunks());
      return new Commit.Done(version, rows.size(), record.length);
    } finally {
      lock.unlock();
    }
  }

  private long version() {
    lock.lock();
    try {
      return version;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Version> versions() {
    lock.lock();
    try {
      return kept.stream().map(Kept::version).toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Commit rollback(long to) {
    lock.lock();
    try {
      if (published != committed || !hot.isEmpty()) {
        throw new IllegalStateException("rows were written already");
      }
      Kept wanted = kept(to);
      if (wanted == null && to > 0) {
        throw new IllegalArgumentException("version %d is not kept".formatted(to));
      }
      SimCommit back =
          wanted == null
              ? new SimCommit(0, new byte[0], List.of(), Map.of(), List.of(), 0)
              : new SimCommit(
                  wanted.commit().nextOffset(),
                  wanted.commit().state(),
                  wanted.commit().tables(),
                  wanted.commit().fields(),
                  List.of(),
                  to);
      byte[] record = back.encode();
      journal.append(record);
      moveTo(back);
      define(back);
      published = committed;
      return new Commit.Done(version, 0, record.length);
    } catch (IOException failed) {
      return new Commit.Failed("going back could not be written: " + failed.getMessage());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Tally tally() {
    world.giveWay(); // Where the real one would look into files.
    lock.lock();
    try {
      Map<String, Long> counts = new TreeMap<>(sealedRows);
      hot.forEach(each -> counts.merge(each.table(), (long) each.chunk().view().rows(), Long::sum));
      return new Tally(published, counts);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean awaitVisible(long nextOffset, Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = patience.toNanos();
      while (published < nextOffset) {
        if (nanos <= 0) {
          return false;
        }
        nanos = world.await(lock, moved, nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long visibleOffset() {
    lock.lock();
    try {
      return published;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Answer query(Question question, Receiver receiver) {
    world.giveWay(); // Where the real one would work.
    List<SimRow> all = rows();
    SimStatement statement = SimStatement.parse(question.sql());
    if (statement == null) {
      return new Answer.Refused(
          Reason.FAILED, "a simulated store does not know: " + question.sql());
    }
    Freshness freshness = new Freshness(visibleOffset(), version);
    return new Answer.Rows(statement.run(all, this::schema, receiver), false, freshness);
  }

  @Override
  public Status status() {
    Map<String, Long> hotRows = new TreeMap<>();
    lock.lock();
    try {
      hot.forEach(
          each -> hotRows.merge(each.table(), (long) each.chunk().view().rows(), Long::sum));
      List<TableStatus> all = new ArrayList<>();
      for (String table : tables.keySet()) {
        all.add(
            new TableStatus(
                table,
                sealedRows.getOrDefault(table, 0L),
                hotRows.getOrDefault(table, 0L),
                1,
                0,
                0));
      }
      long rows = hotRows.values().stream().mapToLong(Long::longValue).sum();
      return new Status(true, "", sealed.size(), rows, 1, 0, version, all);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void provide(ProvidedTables provided) {
    // No statement that is known here names them.
  }

  @Override
  public String refusal(ViewSpec view, List<ViewSpec> before) {
    return "";
  }

  @Override
  public void materialise(List<ViewSpec> wanted) {
    lock.lock();
    try {
      views = List.copyOf(wanted);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<ViewSpec.Status> views() {
    lock.lock();
    try {
      return views.stream()
          .map(
              view ->
                  new ViewSpec.Status(
                      view.name(), view.refresh() == null, -1, 0, 0, "not computed"))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    // Nothing runs here, and nothing is open that the disk would mind.
  }

  private final class SimIntake implements Intake {
    private final List<TableChunk> present = new ArrayList<>(); // of the writer

    @Override
    public RowChunk chunk(String table, int shard) {
      for (TableChunk each : present) {
        RowChunk chunk = each.chunk();
        if (each.table().equals(table) && chunk.shard() == shard && !chunk.isFull()) {
          return chunk;
        }
      }
      TableChunk fresh = new TableChunk(table, new RowChunk(shard, CHUNK_ROWS));
      present.add(fresh);
      lock.lock();
      try {
        hot.add(fresh);
      } finally {
        lock.unlock();
      }
      return fresh.chunk();
    }

    @Override
    public void publish(long nextOffset) {
      lock.lock();
      try {
        present.forEach(each -> each.chunk().publish());
        published = nextOffset;
        moved.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public Cut cut() {
      Map<String, List<DataSchema.Entry>> fields = new TreeMap<>();
      lock.lock();
      try {
        schemas.forEach((table, schema) -> fields.put(table, schema.entries()));
        Cut made = new Cut(present, published, fields);
        present.clear();
        return made;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public long uncommittedBytes() {
      return present.stream().mapToLong(each -> each.chunk().payloadBytes()).sum();
    }
  }
}
