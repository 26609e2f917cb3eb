package dev.leat.store;

import dev.leat.event.DataSchema;
import dev.leat.event.TableSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the catalogue says after some commit. Immutable: a commit yields the next state.
 *
 * @param partitions the number of shards, for good
 * @param version counts commits, merges among them
 * @param history where the last versions were, newest last
 * @param tables by name
 */
record CatalogueState(
    int partitions, long version, List<Position> history, SortedMap<String, TableState> tables) {

  /**
   * Where processing continues after a version.
   *
   * @param next the first offset that is not stored
   * @param state what the commit was given to keep, in Base64: as it stands in the file
   */
  record Position(long version, long next, String state) {}

  /**
   * One table.
   *
   * @param fields the schema's entries
   * @param files present ones and those that an older version still needs
   * @param expiredRows rows that retention has removed
   */
  record TableState(
      TableSpec spec, List<DataSchema.Entry> fields, List<DataFile> files, long expiredRows) {
    TableState {
      fields = List.copyOf(fields);
      files = List.copyOf(files);
    }

    List<DataFile> present() {
      return files.stream().filter(DataFile::isPresent).toList();
    }

    /** Entries that are not here as they are now. */
    List<DataSchema.Entry> changed(List<DataSchema.Entry> entries) {
      return entries.stream()
          .filter(entry -> entry.id() >= fields.size() || !fields.get(entry.id()).equals(entry))
          .toList();
    }
  }

  /**
   * What one commit changes.
   *
   * @param state null if it stays as it is
   * @param tables those that change, by name
   */
  record Change(
      long version, long next, @Nullable String state, SortedMap<String, TableChange> tables) {}

  /**
   * What one commit changes about a table.
   *
   * @param spec null if it stays as it is
   * @param removed paths of files whose rows are in files that come with the same commit
   * @param expired paths of files whose rows go for good
   * @param fields entries that are new or have another kind than before
   * @param checksums of present files that had none, by path
   */
  record TableChange(
      @Nullable TableSpec spec,
      List<DataFile> added,
      List<String> removed,
      List<String> expired,
      List<DataSchema.Entry> fields,
      Map<String, Long> checksums) {
    static final TableChange NONE =
        new TableChange(null, List.of(), List.of(), List.of(), List.of(), Map.of());

    TableChange {
      added = List.copyOf(added);
      removed = List.copyOf(removed);
      expired = List.copyOf(expired);
      fields = List.copyOf(fields);
      checksums = Map.copyOf(checksums);
    }

    static TableChange adding(List<DataFile> files) {
      return new TableChange(null, files, List.of(), List.of(), List.of(), Map.of());
    }

    static TableChange merging(DataFile added, List<String> removed) {
      return new TableChange(null, List.of(added), removed, List.of(), List.of(), Map.of());
    }

    static TableChange expiring(List<String> paths) {
      return new TableChange(null, List.of(), List.of(), paths, List.of(), Map.of());
    }

    static TableChange noting(Map<String, Long> checksums) {
      return new TableChange(null, List.of(), List.of(), List.of(), List.of(), checksums);
    }

    /** The same with what became of the definition. */
    TableChange with(@Nullable TableSpec newSpec, List<DataSchema.Entry> newFields) {
      return new TableChange(newSpec, added, removed, expired, newFields, checksums);
    }
  }

  CatalogueState {
    history = List.copyOf(history);
    tables = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(tables));
  }

  static CatalogueState empty(int partitions) {
    return new CatalogueState(partitions, 0, List.of(new Position(0, 0, "")), new TreeMap<>());
  }

  Position position() {
    return history.getLast();
  }

  /** Present files and those that an older version still needs, of all tables. */
  Stream<DataFile> files() {
    return tables.values().stream().flatMap(table -> table.files().stream());
  }

  /**
   * Files that no version needs any more once only the last {@code keepVersions} before this one
   * are kept.
   */
  List<DataFile> unneeded(int keepVersions) {
    return files().filter(file -> file.removedVersion() <= version - keepVersions).toList();
  }

  CatalogueState apply(Change change, int keepVersions) {
    if (change.version() != version + 1) {
      throw new IllegalStateException("version %d follows %d".formatted(change.version(), version));
    }
    TreeMap<String, TableState> next = new TreeMap<>();
    tables.forEach((name, table) -> next.put(name, kept(table, version - keepVersions)));
    change
        .tables()
        .forEach((name, of) -> next.put(name, apply(name, next.get(name), of, change.version())));
    List<Position> positions = new ArrayList<>(history);
    String state = Objects.requireNonNullElse(change.state(), position().state());
    positions.add(new Position(change.version(), change.next(), state));
    positions.removeIf(old -> old.version() < change.version() - keepVersions);
    return new CatalogueState(partitions, change.version(), positions, next);
  }

  private static TableState kept(TableState table, long oldest) {
    List<DataFile> files =
        table.files().stream().filter(file -> file.removedVersion() > oldest).toList();
    return files.size() == table.files().size()
        ? table
        : new TableState(table.spec(), table.fields(), files, table.expiredRows());
  }

  private static TableState apply(
      String name, @Nullable TableState before, TableChange change, long version) {
    TableSpec spec = change.spec() != null ? change.spec() : before == null ? null : before.spec();
    if (spec == null || !spec.name().equals(name)) {
      throw new IllegalStateException(
          "version %d changes the table %s, which is not there".formatted(version, name));
    }
    TableState old = before == null ? new TableState(spec, List.of(), List.of(), 0) : before;
    Files files = new Files(old.files());
    change.removed().forEach(path -> files.remove(path, version));
    long expired = old.expiredRows();
    for (String path : change.expired()) {
      expired += files.remove(path, version).rows();
    }
    change.added().forEach(file -> files.add(file, version));
    change.checksums().forEach(files::note);
    List<DataSchema.Entry> schema = new ArrayList<>(old.fields());
    for (DataSchema.Entry entry : change.fields()) {
      if (entry.id() < schema.size()) {
        schema.set(entry.id(), entry);
      } else {
        schema.add(entry);
      }
    }
    return new TableState(spec, schema, files.all(), expired);
  }

  /** Files by path, in the order in which they came. */
  private static final class Files {
    private final Map<String, DataFile> byPath = new HashMap<>();
    private final List<String> order = new ArrayList<>();

    Files(List<DataFile> files) {
      for (DataFile file : files) {
        byPath.put(file.path(), file);
        order.add(file.path());
      }
    }

    DataFile remove(String path, long version) {
      DataFile file = byPath.get(path);
      if (file == null || !file.isPresent()) {
        throw new IllegalStateException(
            "version %d removes %s, which is not there".formatted(version, path));
      }
      byPath.put(path, file.removedAt(version));
      return file;
    }

    void add(DataFile file, long version) {
      if (byPath.put(file.path(), file.addedAt(version)) != null) {
        throw new IllegalStateException("version %d adds %s again".formatted(version, file.path()));
      }
      order.add(file.path());
    }

    void note(String path, long checksum) {
      DataFile file = byPath.get(path);
      if (file == null) {
        throw new IllegalStateException(
            "a checksum was noted of %s, which is not there".formatted(path));
      }
      byPath.put(path, file.withChecksum(checksum));
    }

    List<DataFile> all() {
      return order.stream().map(path -> Objects.requireNonNull(byPath.get(path))).toList();
    }
  }
}
