package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.store.FileRows;
import dev.leat.store.FileRows.Field;
import dev.leat.store.FileRows.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A CSV or Parquet file as events: every column is a field of the data. */
final class RowFile implements EventFile {
  private static final byte[] DATA = ",\"data\":{".getBytes(UTF_8);
  private static final byte[] TIME = ",\"time\":".getBytes(UTF_8);
  private static final byte[] KEY = ",\"partitionkey\":".getBytes(UTF_8);
  private static final byte[] BEGIN = "{\"specversion\":\"1.0\",\"id\":\"".getBytes(UTF_8);
  private static final byte[] BEGIN_OWN_ID = "{\"specversion\":\"1.0\",\"id\":".getBytes(UTF_8);

  private final FileRows rows;
  private final Kind[] kinds;
  private final byte[][] names;
  private final byte[] idPrefix;
  private final byte[] constants;
  private final int idColumn;
  private final int timeColumn;
  private final int keyColumn;
  private final Rfc3339 times = new Rfc3339();
  private long row;

  RowFile(Path file, Wrapping wrapping) throws IOException {
    rows = FileRows.open(file);
    try {
      List<Field> fields = rows.fields();
      kinds = fields.stream().map(Field::kind).toArray(Kind[]::new);
      names = names(fields);
      idColumn = column(fields, "--id", wrapping.id());
      timeColumn = column(fields, "--time", wrapping.time());
      keyColumn = column(fields, "--partition-key", wrapping.partitionKey());
      idPrefix = (FileIdentity.of(file) + "-").getBytes(UTF_8);
      constants = FileNames.constants(wrapping, file);
    } catch (IOException | RuntimeException failed) {
      rows.close();
      throw failed;
    }
  }

  @Override
  public boolean next(Batch into) throws IOException {
    if (!rows.next()) {
      return false;
    }
    if (idColumn < 0) {
      into.put(BEGIN).put(idPrefix).putLong(row).put((byte) '"');
    } else {
      into.put(BEGIN_OWN_ID);
      attribute(into, idColumn);
    }
    into.put(constants);
    if (timeColumn >= 0 && !isNull(timeColumn)) {
      into.put(TIME);
      time(into, timeColumn);
    }
    if (keyColumn >= 0 && !isNull(keyColumn)) {
      into.put(KEY);
      attribute(into, keyColumn);
    }
    into.put(DATA);
    for (int i = 0; i < kinds.length; i++) {
      into.put(names[i]);
      value(into, i);
    }
    into.put((byte) '}').put((byte) '}').endEvent();
    row++;
    return true;
  }

  @Override
  public double fraction() {
    return rows.count() < 0 ? -1 : (double) row / Math.max(1, rows.count());
  }

  @Override
  public boolean repeatable() {
    return true;
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }

  private void value(Batch into, int column) throws IOException {
    switch (kinds[column]) {
      case LONG -> {
        long value = rows.longValue(column);
        if (rows.wasNull()) {
          into.putNull();
        } else {
          into.putLong(value);
        }
      }
      case TIME -> {
        long micros = rows.longValue(column);
        if (rows.wasNull()) {
          into.putNull();
        } else {
          times.write(into, micros);
        }
      }
      case DOUBLE -> number(into, rows.doubleValue(column));
      case BOOLEAN -> {
        boolean value = rows.booleanValue(column);
        into.putAscii(rows.wasNull() ? "null" : value ? "true" : "false");
      }
      case TEXT, DATE -> text(into, rows.text(column));
      case NUMBER -> into.putAscii(String.valueOf(rows.text(column)));
      case JSON -> into.put(String.valueOf(rows.text(column)).getBytes(UTF_8));
    }
  }

  /** JSON has no NaN and no infinity. */
  private void number(Batch into, double value) throws IOException {
    if (rows.wasNull() || !Double.isFinite(value)) {
      into.putNull();
    } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      into.putLong((long) value).put((byte) '.').put((byte) '0');
    } else {
      into.putAscii(Double.toString(value));
    }
  }

  private static void text(Batch into, @Nullable String text) {
    if (text == null) {
      into.putNull();
    } else {
      into.putText(text);
    }
  }

  /** Attributes are text, whatever the column is. */
  private void attribute(Batch into, int column) throws IOException {
    switch (kinds[column]) {
      case TIME -> times.write(into, rows.longValue(column));
      case BOOLEAN, LONG, DOUBLE, NUMBER, DATE, TEXT, JSON -> text(into, rows.text(column));
    }
  }

  private void time(Batch into, int column) throws IOException {
    switch (kinds[column]) {
      case TIME -> times.write(into, rows.longValue(column));
      case DATE -> into.putText(rows.text(column) + "T00:00:00Z");
      case TEXT -> text(into, rows.text(column));
      case BOOLEAN, LONG, DOUBLE, NUMBER, JSON ->
          throw new IOException(
              "the column for --time holds %s, not points in time".formatted(kinds[column]));
    }
  }

  private boolean isNull(int column) throws IOException {
    switch (kinds[column]) {
      case TIME, LONG -> rows.longValue(column);
      case BOOLEAN, DOUBLE, NUMBER, DATE, TEXT, JSON -> rows.text(column);
    }
    return rows.wasNull();
  }

  private static byte[][] names(List<Field> fields) {
    List<byte[]> names = new ArrayList<>();
    Batch scratch = new Batch();
    for (Field field : fields) {
      scratch.reset("", 0);
      if (!names.isEmpty()) {
        scratch.put((byte) ',');
      }
      scratch.putText(field.name()).put((byte) ':');
      names.add(Arrays.copyOf(scratch.bytes(), scratch.length()));
    }
    return names.toArray(byte[][]::new);
  }

  private static int column(List<Field> fields, String option, @Nullable String name)
      throws IOException {
    if (name == null) {
      return -1;
    }
    List<String> names = fields.stream().map(Field::name).toList();
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IOException(
          "%s: there is no column '%s'; there are %s"
              .formatted(option, name, String.join(", ", names)));
    }
    return index;
  }
}
