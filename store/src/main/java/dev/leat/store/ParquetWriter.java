package dev.leat.store;

import dev.leat.event.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes rows in memory as Parquet files, column by column straight from the chunks. For one
 * thread; holds memory of the last file for the next one.
 *
 * <p>Sealing is the dearest thing that happens to every event, which is why this is not left to
 * DuckDB: measured in docs/decisions/0014-own-parquet-writer.md.
 *
 * @see <a href="https://parquet.apache.org/docs/file-format/">Parquet file format</a>
 */
final class ParquetWriter implements AutoCloseable {
  /** What is held before it is written. */
  private static final int FLUSH_BYTES = 4 << 20;

  private static final int MAX_KEPT_BYTES = 8 << 20;

  private final ByteSink out = new ByteSink();
  private final ColumnWriter columns = new ColumnWriter(out);
  private final Cells cells = new Cells();
  private int[] levels = new int[0];
  private long written;

  /**
   * Writes a file anew; how many bytes.
   *
   * @param source rows with an order
   * @param groupRows the most rows of a row group
   */
  long write(Disk.File file, ParquetSchema schema, RowSource source, int groupRows)
      throws IOException {
    int[] order = source.order();
    if (order == null) {
      throw new IllegalArgumentException("rows of a file need an order");
    }
    written = 0;
    out.clear();
    out.put(ParquetFooter.MAGIC, 0, ParquetFooter.MAGIC.length);
    List<RowGroup> groups = new ArrayList<>();
    for (int from = 0; from < order.length; from += groupRows) {
      int to = Math.min(order.length, from + groupRows);
      groups.add(rowGroup(file, schema, source, order, from, to));
    }
    new ParquetFooter(schema.encoded(), groups).put(out);
    flush(file);
    return written;
  }

  private RowGroup rowGroup(
      Disk.File file, ParquetSchema schema, RowSource source, int[] order, int from, int to)
      throws IOException {
    if (levels.length < to - from) {
      levels = new int[to - from];
    }
    long at = written + out.length();
    GroupLevels groups = new GroupLevels(schema, source, order, from, to);
    List<ColumnChunk> chunks = new ArrayList<>();
    for (ParquetSchema.Leaf leaf : schema.leaves()) {
      cells.read(leaf, source, order, from, to);
      groups.fill(leaf, cells, levels);
      chunks.add(columns.write(leaf, cells, levels, written));
      if (out.length() >= FLUSH_BYTES) {
        flush(file);
      }
    }
    return new RowGroup(to - from, at, chunks);
  }

  private void flush(Disk.File file) throws IOException {
    file.write(ByteBuffer.wrap(out.array(), 0, out.length()), written);
    written += out.length();
    out.shrink(MAX_KEPT_BYTES);
  }

  @Override
  public void close() {
    columns.close();
  }
}
