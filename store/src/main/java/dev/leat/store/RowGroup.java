package dev.leat.store;

import java.util.ArrayList;
import java.util.List;

/**
 * What a footer says of a row group.
 *
 * @param at where in the file its pages begin
 */
record RowGroup(long rows, long at, List<ColumnChunk> columns) {

  /** The same, so many bytes further on in a file. */
  RowGroup moved(long bytes) {
    return new RowGroup(
        rows, at + bytes, columns.stream().map(column -> column.moved(bytes)).toList());
  }

  void write(ThriftWriter out) {
    out.begin();
    out.list(1, ThriftWriter.STRUCT, columns.size());
    columns.forEach(column -> column.write(out));
    out.int64(2, columns.stream().mapToLong(ColumnChunk::unpackedBytes).sum());
    out.int64(3, rows);
    out.int64(5, at);
    out.int64(6, columns.stream().mapToLong(ColumnChunk::bytes).sum());
    out.end();
  }

  static RowGroup read(ThriftReader in) {
    List<ColumnChunk> columns = new ArrayList<>();
    long rows = 0;
    long at = 0;
    for (ThriftReader.Field field = in.next(0); !field.isEnd(); field = in.next(field.id())) {
      switch (field.id()) {
        case 1 -> {
          for (int left = in.list(); left > 0; left--) {
            columns.add(ColumnChunk.read(in));
          }
        }
        case 3 -> rows = in.number();
        case 5 -> at = in.number();
        default -> in.skip(field.type());
      }
    }
    return new RowGroup(rows, at, columns);
  }
}
