package dev.leat.store;

import dev.leat.event.ViewSpec;
import dev.leat.store.TableNames.Form;
import dev.leat.store.TableNames.Named;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that one statement can name, made on its connection and held until this is closed:
 * tables of the store as of one moment, kept results of views, and tables that are provided. For
 * one thread.
 */
final class StatementTables implements AutoCloseable {
  private final Sources sources;
  private final Connection connection;
  private final RowTables rows;
  private final ProvidedRows provided;
  private final TableNames names;
  private final Tables.Lease lease;
  private final QueryViews stored;
  private final Deque<AutoCloseable> held = new ArrayDeque<>();
  private Map<String, ViewSpec.Status> views = Map.of();

  /**
   * Of the present moment.
   *
   * @param visible the views that may be named
   */
  StatementTables(
      Sources sources, Connection connection, RowTables rows, Collection<String> visible) {
    this.sources = sources;
    this.connection = connection;
    this.rows = rows;
    this.provided = new ProvidedRows(sources.provided());
    this.names = new TableNames(sources.definitions(), visible, provided.tables());
    // The rows before the fields, so that no row has a field that the schema lacks.
    this.lease = sources.tables().lease();
    held.push(lease);
    this.stored =
        new QueryViews(
            connection,
            lease.moment(),
            sources.directory(),
            rows,
            sources.carriers(),
            sources.check());
    held.push(stored);
  }

  TableNames names() {
    return names;
  }

  Tables.Moment moment() {
    return lease.moment();
  }

  QueryViews stored() {
    return stored;
  }

  /** How the views are that are read. */
  Map<String, ViewSpec.Status> views() {
    return views;
  }

  /** Has the rows made that somebody provides; takes as long as that takes. */
  void provide(SqlGuard.Use use) throws SqlRefused {
    for (String table : in(use.read(), Form.PROVIDED)) {
      provided.make(table);
    }
  }

  /** Makes what the statement is about. */
  void create(SqlGuard.Use use, DataMentions mentions)
      throws SQLException, IOException, SqlRefused {
    createKept(use);
    Set<Named> named = new HashSet<>(use.read());
    if (use.lists()) {
      named.addAll(names.all());
    }
    if (!named.isEmpty()) {
      stored.create(named, mentions, sources.definitions());
    }
    for (String table : in(named, Form.PROVIDED)) {
      held.push(provided.view(connection, rows, table));
    }
  }

  /** One that was never computed is not listed, and can't be read. */
  private void createKept(SqlGuard.Use use) throws SQLException, IOException, SqlRefused {
    Set<String> read = in(use.read(), Form.VIEW);
    Set<String> wanted = use.lists() ? in(names.all(), Form.VIEW) : read;
    if (wanted.isEmpty()) {
      return;
    }
    ViewShelf.Lease kept = sources.views().lease(wanted);
    held.push(kept);
    for (String view : read) {
      kept.require(view);
    }
    for (Map.Entry<String, ViewResult> view : kept.results().entrySet()) {
      if (!sources.views().isSound(view.getKey(), view.getValue())) {
        if (read.contains(view.getKey())) {
          throw ViewShelf.noResult(view.getKey(), ViewShelf.DAMAGED);
        }
        continue;
      }
      QueryViews.createView(connection, view.getKey(), view.getValue().sql(sources.directory()));
    }
    views =
        kept.statuses().entrySet().stream()
            .filter(view -> read.contains(view.getKey()))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Set<String> in(Collection<Named> named, Form form) {
    return named.stream()
        .filter(name -> name.form() == form)
        .map(Named::table)
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    List.copyOf(held).forEach(StoreParts::closeQuietly);
  }
}
