package dev.leat.server;

import dev.leat.event.DataSchema;
import dev.leat.event.EventStore;
import dev.leat.event.ProvidedTables;
import dev.leat.event.TableSpec;
import dev.leat.event.ViewSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A store of tables without rows that refuses the views a test says, and notes those it keeps. */
final class ViewStore implements EventStore {
  final Map<String, String> refusals = new TreeMap<>();
  final List<String> asked = new ArrayList<>();
  final BlockingQueue<List<String>> kept = new LinkedBlockingQueue<>();
  private final Map<String, DataSchema> schemas = new TreeMap<>();
  private volatile long visible;

  void reach(long offset) {
    visible = offset;
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
    schemas.putIfAbsent(spec.name(), new DataSchema());
  }

  @Override
  public List<TableSpec> tables() {
    return schemas.keySet().stream().map(TableSpec::open).toList();
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
  public String refusal(ViewSpec view, List<ViewSpec> before) {
    asked.add(view.name() + before.stream().map(ViewSpec::name).toList());
    return refusals.getOrDefault(view.name(), "");
  }

  @Override
  public void materialise(List<ViewSpec> views) {
    kept.add(views.stream().map(ViewSpec::name).toList());
  }

  @Override
  public boolean awaitVisible(long nextOffset, Duration patience) throws InterruptedException {
    if (visible < nextOffset) {
      Thread.sleep(5);
    }
    return visible >= nextOffset;
  }

  @Override
  public long visibleOffset() {
    return visible;
  }

  @Override
  public void provide(ProvidedTables tables) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<ViewSpec.Status> views() {
    throw new UnsupportedOperationException();
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
  public long committed() {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] state() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Tally tally() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Intake intake() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Commit commit(Cut cut, byte[] state) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
