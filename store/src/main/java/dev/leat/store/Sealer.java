package dev.leat.store;

import dev.leat.event.DataSchema;
import dev.leat.event.EventStore.Cut;
import dev.leat.event.RowChunk;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns cuts into files: straight from the chunks' columns, each file's rows in the order of their
 * time.
 */
final class Sealer {
  private final RowTables rows;
  private final int minDayRows;

  Sealer(RowTables rows, int minDayRows) {
    this.rows = rows;
    this.minDayRows = minDayRows;
  }

  /** Writes the rows of the cuts; {@code version} and a number make names that were never used. */
  List<DataFile> seal(List<Cut> cuts, DataSchema schema, FileWriter writer, String name)
      throws SQLException, IOException {
    List<DataFile> files = new ArrayList<>();
    for (Cut cut : cuts) {
      List<RowChunk.View> views =
          cut.chunks().stream().map(RowChunk::view).filter(view -> view.rows() > 0).toList();
      if (!views.isEmpty()) {
        seal(cut, views, present(schema.entries(), views), writer, name, files);
      }
    }
    return files;
  }

  private void seal(
      Cut cut,
      List<RowChunk.View> views,
      List<DataSchema.Entry> fields,
      FileWriter writer,
      String name,
      List<DataFile> into)
      throws SQLException, IOException {
    RowSource all = RowSource.of(views, fields);
    TableSql table = new TableSql(fields);
    long payloadBytes = cut.chunks().stream().mapToLong(RowChunk::payloadBytes).sum();
    for (RowOrder.Group group : RowOrder.of(all, minDayRows)) {
      RowSource source = group.source();
      String path = FileWriter.path(group.day(), cut.shard(), name);
      long share = payloadBytes * source.rows() / all.rows();
      try (RowTables.Lease lease = rows.lease(source)) {
        String select = "SELECT " + table.forFile() + " FROM " + lease.sql();
        long bytes = writer.write(path, select, table.fieldIds(), source.rows(), share);
        into.add(
            new DataFile(
                path,
                cut.shard(),
                group.day(),
                source.rows(),
                bytes,
                share,
                group.minTimeMicros(),
                group.maxTimeMicros(),
                group.minOffset(),
                group.maxOffset(),
                0,
                DataFile.PRESENT));
      }
    }
  }

  /**
   * The schema without the values of fields that these rows don't have: the entries keep their
   * places, so that ids stay indexes, and a field without values gets no column.
   */
  private static List<DataSchema.Entry> present(
      List<DataSchema.Entry> fields, List<RowChunk.View> views) {
    List<DataSchema.Entry> present = new ArrayList<>();
    for (DataSchema.Entry field : fields) {
      boolean used =
          field.kind() != DataSchema.Kind.OBJECT
              && views.stream().anyMatch(view -> view.data(field.id()) != null);
      present.add(
          used
              ? field
              : new DataSchema.Entry(
                  field.id(), field.parent(), field.name(), DataSchema.Kind.OBJECT));
    }
    return present;
  }
}
