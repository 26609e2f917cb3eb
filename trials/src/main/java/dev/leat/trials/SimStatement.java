package dev.leat.trials;

import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.EventStore.ColumnInfo;
import dev.leat.event.EventStore.Receiver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A statement with which the engine asks for rows: one table, conditions on time and position, a
 * list of columns, or a count by stretches of time.
 *
 * @param select the columns as they stand there
 * @param table a stream, or all rows of one that there have been
 * @param stretch so many microseconds that rows are counted by; 0 for the rows themselves
 */
record SimStatement(
    List<String> select,
    String table,
    long from,
    long to,
    long after,
    long below,
    @Nullable Set<Long> positions,
    long stretch,
    long limit) {
  private static final Pattern COUNTS =
      Pattern.compile(
          "SELECT u - \\(\\(u % (\\d+)\\) .* FROM \\(SELECT epoch_us\\(time\\) AS u FROM (.*)\\) GROUP BY 1");
  private static final Pattern ROWS =
      Pattern.compile("SELECT (.*?) FROM \"([a-z_]+)\"(?: AS h)?(?: WHERE (.*))?");
  private static final Pattern TABLE = Pattern.compile("\"([a-z_]+)\" WHERE (.*)");
  private static final Pattern LIMIT = Pattern.compile("(.*) ORDER BY log_offset LIMIT (\\d+)");
  private static final Pattern TIME = Pattern.compile("time (>=|<) make_timestamptz\\((-?\\d+)\\)");
  private static final Pattern POSITION = Pattern.compile("log_offset (<|>|=) (-?\\d+)");
  private static final Pattern POSITIONS = Pattern.compile("log_offset IN \\(([0-9, ]+)\\)");
  private static final Pattern MIN = Pattern.compile("min\\((.*)\\)");

  /** Null for a statement of another kind. */
  static @Nullable SimStatement parse(String sql) {
    Matcher counts = COUNTS.matcher(sql);
    if (counts.matches()) {
      Matcher table = TABLE.matcher(counts.group(2));
      return table.matches()
          ? where(List.of(), table.group(1), table.group(2), Long.parseLong(counts.group(1)))
          : null;
    }
    Matcher rows = ROWS.matcher(sql);
    if (!rows.matches()) {
      return null;
    }
    String where = rows.group(3);
    return where(
        List.of(rows.group(1).split(", ", -1)), rows.group(2), where == null ? "" : where, 0);
  }

  private static @Nullable SimStatement where(
      List<String> select, String table, String where, long stretch) {
    String conditions = where;
    long limit = Long.MAX_VALUE;
    Matcher limited = LIMIT.matcher(where);
    if (limited.matches()) {
      conditions = limited.group(1);
      limit = Long.parseLong(limited.group(2));
    }
    long from = Long.MIN_VALUE;
    long to = Long.MAX_VALUE;
    long after = -1;
    long below = Long.MAX_VALUE;
    Set<Long> positions = null;
    List<String> parts = conditions.isEmpty() ? List.of() : List.of(conditions.split(" AND ", -1));
    for (String condition : parts) {
      Matcher time = TIME.matcher(condition);
      Matcher position = POSITION.matcher(condition);
      Matcher several = POSITIONS.matcher(condition);
      if (time.matches()) {
        long micros = Long.parseLong(time.group(2));
        if (time.group(1).equals("<")) {
          to = Math.min(to, micros);
        } else {
          from = Math.max(from, micros);
        }
      } else if (position.matches()) {
        long offset = Long.parseLong(position.group(2));
        switch (position.group(1)) {
          case "<" -> below = Math.min(below, offset);
          case ">" -> after = Math.max(after, offset);
          default -> positions = Set.of(offset);
        }
      } else if (several.matches()) {
        positions = new HashSet<>();
        for (String each : several.group(1).split(", ", -1)) {
          positions.add(Long.parseLong(each));
        }
      } else {
        return null;
      }
    }
    return new SimStatement(select, table, from, to, after, below, positions, stretch, limit);
  }

  /** Hands over what it yields; returns how many rows that is. */
  long run(List<SimRow> all, Function<String, DataSchema> schemas, Receiver receiver) {
    List<SimRow> found = find(all);
    if (stretch > 0) {
      return count(found, receiver);
    }
    receiver.columns(select.stream().map(name -> new ColumnInfo(name, "")).toList());
    if (select.size() == 1 && MIN.matcher(select.getFirst()).matches()) {
      return least(found, select.getFirst(), receiver);
    }
    Map<String, Kind> kinds = kinds(schemas.apply(stream()));
    List<String> columns = select.stream().map(SimStatement::column).toList();
    long rows = 0;
    for (SimRow row : found) {
      if (rows == limit) {
        break;
      }
      @Nullable Object[] values = new Object[columns.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.value(columns.get(i), kinds.get(columns.get(i)));
      }
      receiver.row(values);
      rows++;
    }
    return rows;
  }

  private String stream() {
    return table.endsWith("_history") ? table.substring(0, table.lastIndexOf('_')) : table;
  }

  private List<SimRow> find(List<SimRow> all) {
    String stream = stream();
    Set<Long> gone = table.equals(stream) ? superseded(all, stream) : Set.of();
    List<SimRow> found = new ArrayList<>();
    for (SimRow row : all) {
      long time = row.number("time");
      if (row.table().equals(stream)
          && time >= from
          && time < to
          && row.offset() > after
          && row.offset() < below
          && (positions == null || positions.contains(row.offset()))
          && !gone.contains(row.offset())) {
        found.add(row);
      }
    }
    found.sort((a, b) -> Long.compare(a.offset(), b.offset()));
    return found;
  }

  /** The positions of rows of a stream that do not count any more. */
  static Set<Long> superseded(List<SimRow> all, String stream) {
    Set<Long> gone = new HashSet<>();
    for (SimRow row : all) {
      if (row.table().equals("superseded") && row.text("data.of_table").equals(stream)) {
        gone.add(row.number("data.of_offset"));
      }
    }
    return gone;
  }

  private long count(List<SimRow> found, Receiver receiver) {
    receiver.columns(List.of(new ColumnInfo("begin", ""), new ColumnInfo("rows", "")));
    Map<Long, Long> counts = new TreeMap<>();
    for (SimRow row : found) {
      counts.merge(Math.floorDiv(row.number("time"), stretch) * stretch, 1L, Long::sum);
    }
    counts.forEach((begin, rows) -> receiver.row(new Object[] {begin, rows}));
    return counts.size();
  }

  private static long least(List<SimRow> found, String select, Receiver receiver) {
    Matcher min = MIN.matcher(select);
    boolean _ = min.matches();
    String column = column(min.group(1));
    Long least = null;
    for (SimRow row : found) {
      long value = row.number(column);
      least = least == null ? value : Math.min(least, value);
    }
    receiver.row(new @Nullable Object[] {least});
    return 1;
  }

  private static Map<String, Kind> kinds(DataSchema schema) {
    List<DataSchema.Entry> entries = schema.entries();
    List<String> paths = SimRow.paths(entries);
    Map<String, Kind> kinds = new HashMap<>();
    for (DataSchema.Entry entry : entries) {
      kinds.put("data." + paths.get(entry.id()), entry.kind());
    }
    return kinds;
  }

  /** {@code epoch_us(h.time)} is {@code time}, {@code h.data."a"."b"} is {@code data.a.b}. */
  private static String column(String select) {
    String name = select;
    if (name.startsWith("epoch_us(")) {
      name = name.substring("epoch_us(".length(), name.length() - 1);
    }
    if (name.startsWith("h.")) {
      name = name.substring(2);
    }
    return name.replace("\"", "");
  }
}
