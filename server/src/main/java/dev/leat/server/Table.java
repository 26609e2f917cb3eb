package dev.leat.server;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A result for the terminal: aligned, numbers to the right, long text cut. */
final class Table {
  private static final int MAX_CELL = 60;

  private final List<String> names = new ArrayList<>();
  private final List<List<String>> cells = new ArrayList<>();
  private final boolean[] numeric;
  private final int[] widths;

  /** From the members {@code columns} and {@code rows} of an answer. */
  Table(List<?> columns, List<?> rows) {
    for (Object column : columns) {
      names.add(cell(Json.asObject(column).get("name")));
    }
    numeric = new boolean[names.size()];
    widths = names.stream().mapToInt(String::length).toArray();
    for (Object row : rows) {
      cells.add(line(Json.asList(row)));
    }
  }

  /** A table of what this program has worked out itself. */
  static Table of(List<String> names, List<? extends List<?>> rows) {
    return new Table(names.stream().map(name -> Map.of("name", name)).toList(), rows);
  }

  void print(PrintWriter out) {
    print(out, names);
    List<String> rules = new ArrayList<>();
    for (int width : widths) {
      rules.add("─".repeat(width));
    }
    print(out, rules);
    for (List<String> line : cells) {
      print(out, line);
    }
  }

  private List<String> line(List<?> row) {
    List<String> line = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      String text = cell(value);
      numeric[i] |= value instanceof Number;
      widths[i] = Math.max(widths[i], text.codePointCount(0, text.length()));
      line.add(text);
    }
    return line;
  }

  private void print(PrintWriter out, List<String> line) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < line.size(); i++) {
      String cell = line.get(i);
      String padding = " ".repeat(widths[i] - cell.codePointCount(0, cell.length()));
      text.append(i == 0 ? "" : "  ");
      text.append(numeric[i] ? padding + cell : cell + padding);
    }
    out.println(text.toString().stripTrailing());
  }

  private static String cell(@Nullable Object value) {
    String text =
        switch (value) {
          case null -> "null";
          case String string -> string;
          case BigDecimal number -> number.toString();
          default -> JsonText.of(json -> json.value(value)).strip();
        };
    String visible = text.replaceAll("\\p{Cntrl}", " ");
    return visible.length() <= MAX_CELL ? visible : visible.substring(0, MAX_CELL - 1) + "…";
  }
}
