package dev.leat.query;

import dev.leat.event.DataSchema;
import dev.leat.event.EventStore;
import dev.leat.event.ProvidedTables;
import dev.leat.event.TableSpec;
import dev.leat.event.ViewSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Answers what the test says, and remembers what it was asked. */
final class FakeStore implements EventStore {
  static final Freshness FRESH = new Freshness(43, 5);

  /** What a query does with its receiver before it ends. */
  interface Script {
    Answer run(Question question, Receiver receiver);
  }

  final List<Question> questions = new ArrayList<>();
  final SortedMap<String, TableSpec> tables = new TreeMap<>();
  final Map<String, DataSchema> schemas = new TreeMap<>();
  Script script = (_, _) -> new Answer.Refused(Reason.FAILED, "no script");
  List<TableStatus> tableStatuses = List.of();
  List<ViewSpec> views = List.of();
  long visible;

  /** The next queries yield these rows. */
  void rows(List<ColumnInfo> columns, Object[]... rows) {
    script =
        (_, receiver) -> {
          receiver.columns(columns);
          for (Object[] row : rows) {
            receiver.row(row);
          }
          return new Answer.Rows(rows.length, false, FRESH);
        };
  }

  @Override
  public Answer query(Question question, Receiver receiver) {
    questions.add(question);
    return script.run(question, receiver);
  }

  @Override
  public boolean awaitVisible(long nextOffset, Duration patience) {
    return visible >= nextOffset;
  }

  @Override
  public long visibleOffset() {
    return visible;
  }

  @Override
  public Status status() {
    return new Status(true, "", 70, 7, 3, 4_096, 5, tableStatuses);
  }

  @Override
  public List<Version> versions() {
    return List.of();
  }

  @Override
  public Commit rollback(long version) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void define(TableSpec spec) {
    tables.put(spec.name(), spec);
    schemas.putIfAbsent(spec.name(), new DataSchema());
  }

  @Override
  public List<TableSpec> tables() {
    return List.copyOf(tables.values());
  }

  @Override
  public DataSchema schema(String table) {
    DataSchema schema = schemas.get(table);
    if (schema == null) {
      throw new IllegalArgumentException("there is no table " + table);
    }
    return schema;
  }

  @Override
  public long committed() {
    return 0;
  }

  @Override
  public byte[] state() {
    return new byte[0];
  }

  @Override
  public Tally tally() {
    return new Tally(visible, Map.of());
  }

  @Override
  public Intake intake() {
    throw new UnsupportedOperationException("nothing is written here");
  }

  @Override
  public Commit commit(Cut cut, byte[] state) {
    throw new UnsupportedOperationException("nothing is written here");
  }

  @Override
  public void close() {}

  @Override
  public void provide(ProvidedTables tables) {}

  @Override
  public String refusal(ViewSpec view, List<ViewSpec> before) {
    return "";
  }

  /** Takes note of them and computes nothing. */
  @Override
  public void materialise(List<ViewSpec> views) {
    this.views = List.copyOf(views);
  }

  @Override
  public List<ViewSpec.Status> views() {
    return views.stream()
        .map(
            view ->
                new ViewSpec.Status(view.name(), view.refresh() == null, -1, 0, 0, "not computed"))
        .toList();
  }
}
