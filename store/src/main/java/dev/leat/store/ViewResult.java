package dev.leat.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What was computed of a view: files, and how they are shown. Immutable.
 *
 * @param select the text of the view that it is the result of
 * @param incremental whether it can be carried on with new rows
 * @param asOf every event below this position is in it
 * @param asOfMicros when it was computed, in microseconds since 1970
 * @param rows that it shows
 * @param expired rows of the table that retention had removed by then
 * @param inputs what of it would have to change for another result, in words nobody reads
 * @param columns that it shows
 * @param kept the columns in the files
 * @param shown a SELECT of the columns it shows from {@link #KEPT}
 */
record ViewResult(
    String select,
    boolean incremental,
    long asOf,
    long asOfMicros,
    long rows,
    long expired,
    String inputs,
    List<ViewColumn> columns,
    List<ViewColumn> kept,
    String shown,
    List<Part> parts) {
  /** What stands for the files in {@code shown}. */
  static final String KEPT = "kept";

  /** Shows what is kept as it is. */
  static final String ALL = "SELECT * FROM " + KEPT;

  ViewResult {
    columns = List.copyOf(columns);
    kept = List.copyOf(kept);
    parts = List.copyOf(parts);
  }

  /**
   * One of the files.
   *
   * @param path relative to the store's directory, with {@code /}
   * @param checksum its {@link FileChecksum}
   */
  record Part(String path, long rows, long checksum) {}

  /** The name of a column that is kept. */
  static String column(int index) {
    return "k" + index;
  }

  /** All names of columns that are kept. */
  static List<String> names(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(column(i));
    }
    return names;
  }

  /** A SELECT of what is kept. */
  String keptSql(Path directory) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < kept.size(); i++) {
      values.add(kept.get(i).fromFile(column(i)) + " AS " + column(i));
    }
    List<String> files =
        parts.stream()
            .map(part -> TableSql.literal(directory.resolve(part.path()).toString()))
            .toList();
    return "SELECT %s FROM read_parquet([%s], hive_partitioning = false)"
        .formatted(String.join(", ", values), String.join(", ", files));
  }

  /** A SELECT of what is shown. */
  String sql(Path directory) {
    List<String> values = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String name = "c" + i;
      names.add(name);
      values.add(columns.get(i).fromFile(name) + " AS " + TableSql.quoted(columns.get(i).name()));
    }
    return "SELECT %s FROM (WITH %s AS (%s) %s) AS q(%s)"
        .formatted(
            String.join(", ", values), KEPT, keptSql(directory), shown, String.join(", ", names));
  }

  /** The same, known to be so at a later position. */
  ViewResult at(long position, long micros, String nextInputs) {
    return new ViewResult(
        select,
        incremental,
        position,
        micros,
        rows,
        expired,
        nextInputs,
        columns,
        kept,
        shown,
        parts);
  }

  /** The same, of which so many rows are shown. */
  ViewResult showing(long shownRows) {
    return new ViewResult(
        select,
        incremental,
        asOf,
        asOfMicros,
        shownRows,
        expired,
        inputs,
        columns,
        kept,
        shown,
        parts);
  }

  /** The same in other files. */
  ViewResult in(List<Part> others) {
    return new ViewResult(
        select, incremental, asOf, asOfMicros, rows, expired, inputs, columns, kept, shown, others);
  }

  /** The same, to be shown and not to be carried on. */
  ViewResult closed() {
    return new ViewResult(
        select, false, asOf, asOfMicros, rows, expired, "", columns, kept, shown, parts);
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("select", select);
    json.put("incremental", incremental);
    json.put("asOf", asOf);
    json.put("asOfMicros", asOfMicros);
    json.put("rows", rows);
    json.put("expired", expired);
    json.put("columns", columns.stream().map(ViewResult::toJson).toList());
    json.put("kept", kept.stream().map(ViewResult::toJson).toList());
    json.put("shown", shown);
    json.put(
        "parts",
        parts.stream()
            .map(p -> List.<Object>of(p.path(), p.rows(), FileChecksum.text(p.checksum())))
            .toList());
    return json;
  }

  private static List<Object> toJson(ViewColumn column) {
    return List.of(column.name(), column.type());
  }

  /**
   * What was written.
   *
   * @throws ClassCastException if something else was written
   * @throws NullPointerException if something is missing
   */
  static ViewResult of(Map<?, ?> json) {
    return new ViewResult(
        String.class.cast(member(json, "select")),
        Boolean.class.cast(member(json, "incremental")),
        Long.class.cast(member(json, "asOf")),
        Long.class.cast(member(json, "asOfMicros")),
        Long.class.cast(member(json, "rows")),
        Long.class.cast(member(json, "expired")),
        "",
        columns(SqlTree.list(json, "columns")),
        columns(SqlTree.list(json, "kept")),
        String.class.cast(member(json, "shown")),
        SqlTree.list(json, "parts").stream()
            .map(part -> (List<?>) part)
            .map(
                part ->
                    new Part(
                        (String) part.get(0),
                        (Long) part.get(1),
                        FileChecksum.parse((String) part.get(2))))
            .toList());
  }

  private static Object member(Map<?, ?> json, String name) {
    return Objects.requireNonNull(json.get(name), name);
  }

  private static List<ViewColumn> columns(List<?> json) {
    return json.stream()
        .map(column -> (List<?>) column)
        .map(column -> new ViewColumn((String) column.get(0), (String) column.get(1)))
        .toList();
  }
}
