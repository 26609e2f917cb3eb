package dev.leat.store;

import dev.leat.event.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one file of several by putting their row groups behind each other as they are: nothing is
 * unpacked, so a row costs little more than the reading and writing of its bytes. That needs files
 * that this store wrote, of the same columns, and row groups large enough to stay as they are. For
 * one thread.
 */
final class RowGroupJoin {
  /** Smaller row groups are better put together. */
  static final int MIN_GROUP_ROWS = 8_192;

  private static final int CHUNK_BYTES = 1 << 20;

  private final Disk disk;
  private final List<Part> parts;

  private record Part(String path, long bytes, ParquetFooter footer) {}

  private RowGroupJoin(Disk disk, List<Part> parts) {
    this.disk = disk;
    this.parts = parts;
  }

  /** The join of these files in their order; null if they can't be joined. */
  static @Nullable RowGroupJoin of(Disk disk, List<DataFile> files) throws IOException {
    List<Part> parts = new ArrayList<>();
    for (DataFile each : files) {
      ParquetFooter footer;
      try (Disk.File file = disk.open(each.path())) {
        footer = ParquetFooter.read(file, each.bytes());
      }
      if (footer == null
          || !Arrays.equals(
              footer.schema(),
              parts.isEmpty() ? footer.schema() : parts.getFirst().footer().schema())
          || each.rows() < (long) MIN_GROUP_ROWS * footer.groups().size()) {
        return null;
      }
      parts.add(new Part(each.path(), each.bytes(), footer));
    }
    return new RowGroupJoin(disk, parts);
  }

  /** Writes the file; how many bytes. */
  long write(Disk.File into) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    into.write(ByteBuffer.wrap(ParquetFooter.MAGIC), 0);
    long written = ParquetFooter.MAGIC.length;
    List<RowGroup> groups = new ArrayList<>();
    for (Part part : parts) {
      long from = part.footer().groups().getFirst().at();
      long to = part.footer().at();
      for (RowGroup group : part.footer().groups()) {
        groups.add(group.moved(written - from));
      }
      try (Disk.File file = disk.open(part.path())) {
        for (long at = from; at < to; at += chunk.limit()) {
          chunk.clear().limit((int) Math.min(CHUNK_BYTES, to - at));
          if (file.read(chunk, at) < chunk.limit()) {
            throw new IOException("%s ends before %d".formatted(part.path(), to));
          }
          into.write(chunk.flip(), written + at - from);
        }
      }
      written += to - from;
    }
    ByteSink footer = new ByteSink();
    new ParquetFooter(parts.getFirst().footer().schema(), groups).put(footer);
    into.write(ByteBuffer.wrap(footer.array(), 0, footer.length()), written);
    return written + footer.length();
  }
}
