package dev.leat.store;

import dev.leat.event.DataSchema;
import dev.leat.event.EventStore.Cut;
import dev.leat.event.EventStore.TableChunk;
import dev.leat.event.RowChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns a cut into files, per table, shard and day: straight from the chunks' columns, each file's
 * rows in the order of their time.
 */
final class Sealer {
  private final int minDayRows;

  Sealer(int minDayRows) {
    this.minDayRows = minDayRows;
  }

  private record Place(String table, int shard) {}

  /**
   * Writes the rows of the cut, and returns the files by table; {@code name} is one that no file
   * has had.
   */
  Map<String, List<DataFile>> seal(Cut cut, Definitions definitions, FileWriter writer, String name)
      throws IOException {
    Map<Place, List<RowChunk>> places = new LinkedHashMap<>();
    for (TableChunk chunk : cut.chunks()) {
      if (chunk.chunk().view().rows() > 0) {
        places
            .computeIfAbsent(
                new Place(chunk.table(), chunk.chunk().shard()), _ -> new ArrayList<>())
            .add(chunk.chunk());
      }
    }
    Map<String, List<DataFile>> files = new TreeMap<>();
    try (ParquetWriter parquet = new ParquetWriter()) {
      for (Map.Entry<Place, List<RowChunk>> place : places.entrySet()) {
        DataSchema schema = definitions.get(place.getKey().table()).schema();
        seal(
            place.getKey(),
            place.getValue(),
            schema.entries(),
            writer,
            parquet,
            name,
            files.computeIfAbsent(place.getKey().table(), _ -> new ArrayList<>()));
      }
    }
    return files;
  }

  private void seal(
      Place place,
      List<RowChunk> chunks,
      List<DataSchema.Entry> known,
      FileWriter writer,
      ParquetWriter parquet,
      String name,
      List<DataFile> into)
      throws IOException {
    List<RowChunk.View> views = chunks.stream().map(RowChunk::view).toList();
    List<DataSchema.Entry> fields = present(known, views);
    RowSource all = RowSource.of(views, fields);
    ParquetSchema schema = ParquetSchema.of(fields);
    long payloadBytes = chunks.stream().mapToLong(RowChunk::payloadBytes).sum();
    for (RowOrder.Group group : RowOrder.of(all, minDayRows)) {
      RowSource source = group.source();
      String path = FileWriter.path(place.table(), group.day(), place.shard(), name);
      long share = payloadBytes * source.rows() / all.rows();
      FileWriter.Written written = writer.write(path, schema, source, share, parquet);
      into.add(
          new DataFile(
              path,
              place.shard(),
              group.day(),
              source.rows(),
              written.bytes(),
              written.checksum(),
              share,
              group.span(),
              0,
              DataFile.PRESENT));
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
