package dev.leat.pipeline;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.RowChunk;
import dev.leat.event.Slice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the row of a lookup table into the data. */
final class LookupStage implements Stage {
  private static final String NAME = "enrich";

  private final Step.LookupStep step;
  private final KeyReader key;
  private final LookupTable table;
  private final Slice wanted = new Slice();
  private final List<Target> targets = new ArrayList<>();

  /** A column of the lookup table, and the field of the data it goes to. */
  private record Target(int column, DataType type, DataSchema.Field field) {}

  LookupStage(Step.LookupStep step, KeyReader key, LookupTable table, DataSchema schema) {
    this.step = step;
    this.key = key;
    this.table = table;
    FieldPath into = FieldPath.of(step.into());
    for (int column = 0; column < table.columns().size(); column++) {
      DataType type = table.columns().get(column).type();
      DataSchema.Kind kind = DataType.kind(type);
      DataSchema.Field field =
          kind == null
              ? null
              : into.member(table.columns().get(column).name()).declare(schema, kind);
      if (field == null) {
        throw new IllegalStateException(
            "the table has no place for %s.%s"
                .formatted(step.into(), table.columns().get(column).name()));
      }
      targets.add(new Target(column, type, field));
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Rejection check(Row row) {
    key.read(row, wanted);
    int found =
        wanted.isPresent()
            ? table.find(wanted.array(), wanted.from(), wanted.length())
            : LookupTable.NONE;
    if (found != LookupTable.NONE) {
      write(found, row.chunk());
      return null;
    }
    return switch (step.missing()) {
      case NULL -> null;
      case DEAD_LETTER ->
          Rejection.failed(
              NAME,
              "lookup-missing",
              pointer(step.on()),
              step.lookup(),
              "a key of the lookup %s".formatted(step.lookup()),
              wanted.isPresent() ? wanted.toString() : "nothing");
    };
  }

  private static @Nullable String pointer(String path) {
    return path.startsWith("data.") ? path.substring(4).replace('.', '/') : null;
  }

  private void write(int found, RowChunk chunk) {
    int row = chunk.rows();
    for (Target target : targets) {
      int column = target.column();
      if (table.isNull(found, column)) {
        continue;
      }
      switch (target.type()) {
        case DataType.Scalar.INTEGER ->
            setLong(chunk, target.field(), row, table.longAt(found, column));
        case DataType.Scalar.NUMBER ->
            chunk.doubles(target.field()).set(row, table.doubleAt(found, column));
        case DataType.Scalar.BOOLEAN ->
            ((Column.Booleans) chunk.column(target.field()))
                .set(row, table.booleanAt(found, column));
        default ->
            ((Column.Bytes) chunk.column(target.field()))
                .set(
                    row,
                    table.textBytes(column),
                    table.textFrom(found, column),
                    table.textLength(found, column));
      }
    }
  }

  /** A field that another version of the table gave fractions takes them as such. */
  private static void setLong(RowChunk chunk, DataSchema.Field field, int row, long value) {
    if (chunk.column(field) instanceof Column.Longs longs) {
      longs.set(row, value);
    } else {
      chunk.doubles(field).set(row, (double) value);
    }
  }
}
