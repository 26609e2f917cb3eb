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
 * @param history where the versions were that can be gone back to, newest last
 * @param tables by name
 */
record CatalogueState(
    int partitions, long version, List<Position> history, SortedMap<String, TableState> tables) {
  /**
   * So many versions with different states are kept, the present one among them, even if so many
   * merges came between them that they are older than the versions kept; fewer if fewer than two
   * versions are kept at all.
   */
  static final int MIN_STATES = 3;

  /**
   * Where processing continues after a version, and what the tables were like there; which files
   * they had, the files say.
   *
   * @param next the first offset that is not stored
   * @param state what the commit was given to keep, in Base64: as it stands in the file
   * @param atMicros when it was committed, since 1970
   * @param shapes of all tables there were, by name
   */
  record Position(
      long version, long next, String state, long atMicros, SortedMap<String, Shape> shapes) {
    Position {
      shapes = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(shapes));
    }

    boolean hasStateOf(Position other) {
      return next == other.next && state.equals(other.state);
    }
  }

  /** What a table was like at a version, its files aside. */
  record Shape(TableSpec spec, List<DataSchema.Entry> fields, long expiredRows) {
    Shape {
      fields = List.copyOf(fields);
    }
  }

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

    Shape shape() {
      return new Shape(spec, fields, expiredRows);
    }

    /** Entries that are not here as they are now. */
    List<DataSchema.Entry> changed(List<DataSchema.Entry> entries) {
      return entries.stream()
          .filter(entry -> entry.id() >= fields.size() || !fields.get(entry.id()).equals(entry))
          .toList();
    }
  }

  /** A step from one state to the next. */
  sealed interface Step {
    long version();
  }

  /**
   * What one commit changes.
   *
   * @param state null if it stays as it is
   * @param atMicros when, since 1970
   * @param tables those that change, by name
   */
  record Change(
      long version,
      long next,
      @Nullable String state,
      long atMicros,
      SortedMap<String, TableChange> tables)
      implements Step {}

  /**
   * Everything becomes what it was after an older version. Versions between are no more.
   *
   * @param to a version of the history, or 0 for the beginning, when there was nothing
   */
  record Rollback(long version, long to, long atMicros) implements Step {}

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
    return new CatalogueState(partitions, 0, List.of(beginning(0, 0)), new TreeMap<>());
  }

  private static Position beginning(long version, long atMicros) {
    return new Position(version, 0, "", atMicros, new TreeMap<>());
  }

  Position position() {
    return history.getLast();
  }

  /** The version of the history, or of the beginning; null if it is not kept any more. */
  @Nullable Position at(long wanted) {
    for (Position position : history) {
      if (position.version() == wanted) {
        return position;
      }
    }
    return wanted == 0 ? beginning(0, 0) : null;
  }

  /** The versions to choose from, newest first: of those with one state the last. */
  List<Position> versions() {
    List<Position> versions = new ArrayList<>();
    for (Position position : history.reversed()) {
      if (versions.isEmpty() || !versions.getLast().hasStateOf(position)) {
        versions.add(position);
      }
    }
    return versions;
  }

  /** The files that the tables had at a version of the history, and the tables that had them. */
  Map<String, List<DataFile>> filesAt(long wanted) {
    Map<String, List<DataFile>> files = new TreeMap<>();
    tables.forEach(
        (name, table) ->
            files.put(name, table.files().stream().filter(file -> file.isIn(wanted)).toList()));
    return files;
  }

  /** Present files and those that an older version still needs, of all tables. */
  Stream<DataFile> files() {
    return tables.values().stream().flatMap(table -> table.files().stream());
  }

  /** Files that no version of the history needs. */
  List<DataFile> unneeded() {
    return files().filter(file -> !isNeeded(file)).toList();
  }

  private boolean isNeeded(DataFile file) {
    return file.isPresent() || history.stream().anyMatch(each -> file.isIn(each.version()));
  }

  CatalogueState apply(Step step, int keepVersions) {
    if (step.version() != version + 1) {
      throw new IllegalStateException("version %d follows %d".formatted(step.version(), version));
    }
    return switch (step) {
      case Change change -> apply(change, keepVersions);
      case Rollback rollback -> apply(rollback);
    };
  }

  private CatalogueState apply(Change change, int keepVersions) {
    TreeMap<String, TableState> next = new TreeMap<>();
    tables.forEach((name, table) -> next.put(name, kept(table)));
    change
        .tables()
        .forEach((name, of) -> next.put(name, apply(name, next.get(name), of, change.version())));
    List<Position> positions = new ArrayList<>(history);
    String state = Objects.requireNonNullElse(change.state(), position().state());
    // A merge or an expiry makes no other state, which is as old as it was.
    long atMicros = change.state() == null ? position().atMicros() : change.atMicros();
    positions.add(new Position(change.version(), change.next(), state, atMicros, shapes(next)));
    return new CatalogueState(partitions, change.version(), recent(positions, keepVersions), next);
  }

  /** What the tables are like. */
  static SortedMap<String, Shape> shapes(SortedMap<String, TableState> tables) {
    SortedMap<String, Shape> shapes = new TreeMap<>();
    tables.forEach((name, table) -> shapes.put(name, table.shape()));
    return shapes;
  }

  /** The last versions, and before them as many as it takes to have some with other states. */
  private static List<Position> recent(List<Position> positions, int keepVersions) {
    long oldest = positions.getLast().version() - keepVersions;
    int wanted = Math.min(MIN_STATES - 1, keepVersions) + 1;
    int states = 0;
    List<Position> newestFirst = new ArrayList<>();
    for (Position position : positions.reversed()) {
      boolean other = newestFirst.isEmpty() || !newestFirst.getLast().hasStateOf(position);
      if (position.version() >= oldest || (other && states < wanted)) {
        newestFirst.add(position);
        states += other ? 1 : 0;
      }
    }
    return newestFirst.reversed();
  }

  private CatalogueState apply(Rollback rollback) {
    Position to = at(rollback.to());
    if (to == null) {
      throw new IllegalStateException(
          "version %d goes back to %d, which is not kept"
              .formatted(rollback.version(), rollback.to()));
    }
    List<Position> positions = new ArrayList<>(history);
    positions.removeIf(each -> each.version() > to.version());
    TreeMap<String, TableState> next = new TreeMap<>();
    to.shapes()
        .forEach(
            (name, shape) -> {
              TableState table = tables.get(name);
              List<DataFile> files = table == null ? List.of() : table.files();
              next.put(
                  name,
                  new TableState(
                      shape.spec(),
                      shape.fields(),
                      back(files, to.version(), positions),
                      shape.expiredRows()));
            });
    positions.add(
        new Position(rollback.version(), to.next(), to.state(), rollback.atMicros(), to.shapes()));
    return new CatalogueState(partitions, rollback.version(), positions, next);
  }

  /** Files that some of the versions left need; those of the version gone back to are present. */
  private static List<DataFile> back(List<DataFile> files, long to, List<Position> left) {
    return files.stream()
        .filter(file -> left.stream().anyMatch(each -> file.isIn(each.version())))
        .map(file -> file.isIn(to) ? file.addedAt(file.addedVersion()) : file)
        .toList();
  }

  private TableState kept(TableState table) {
    List<DataFile> files = table.files().stream().filter(this::isNeeded).toList();
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
