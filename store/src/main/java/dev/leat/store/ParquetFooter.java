package dev.leat.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.leat.event.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of a file that this store wrote itself: what is in the file and where.
 *
 * @param schema the elements of its schema, as they stand there
 */
@SuppressWarnings("ArrayRecordComponent") // Compared with care.
record ParquetFooter(byte[] schema, List<RowGroup> groups) {
  static final byte[] MAGIC = "PAR1".getBytes(US_ASCII);

  private static final String CREATED_BY = "leat version 1";
  private static final int VERSION = 2; // Which says that encodings beyond the first are used.
  private static final int TAIL_BYTES = Integer.BYTES + MAGIC.length;

  /** Puts it with its length and the magic that end a file. */
  void put(ByteSink out) {
    int begin = out.length();
    ThriftWriter thrift = new ThriftWriter(out);
    thrift.begin();
    thrift.int32(1, VERSION);
    thrift.encodedList(2, schema);
    thrift.int64(3, groups.stream().mapToLong(RowGroup::rows).sum());
    thrift.list(4, ThriftWriter.STRUCT, groups.size());
    groups.forEach(group -> group.write(thrift));
    thrift.text(6, CREATED_BY);
    int columns = groups.getFirst().columns().size();
    thrift.list(7, ThriftWriter.STRUCT, columns);
    for (int i = 0; i < columns; i++) {
      thrift.begin();
      thrift.empty(1); // The order of a column's type, in which its statistics are.
      thrift.end();
    }
    thrift.end();
    out.putInt(out.length() - begin);
    out.put(MAGIC, 0, MAGIC.length);
  }

  /** Where it begins in a file that ends with it. */
  long at() {
    RowGroup last = groups.getLast();
    return last.at() + last.columns().stream().mapToLong(ColumnChunk::bytes).sum();
  }

  /**
   * That of a file of so many bytes; null if something else wrote the file.
   *
   * @throws IOException if it can't be read, or is no such footer
   */
  static @Nullable ParquetFooter read(Disk.File file, long fileBytes) throws IOException {
    ByteBuffer tail = ByteBuffer.allocate(TAIL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.read(tail, fileBytes - TAIL_BYTES);
    int length = tail.getInt(0);
    if (length < 0 || length > fileBytes - TAIL_BYTES - MAGIC.length) {
      throw new IOException("a footer of %d bytes in %d".formatted(length, fileBytes));
    }
    ByteBuffer footer = ByteBuffer.allocate(length);
    file.read(footer, fileBytes - TAIL_BYTES - length);
    try {
      return read(new ThriftReader(footer.array()));
    } catch (IndexOutOfBoundsException other) {
      throw new IOException("a footer that is none: " + other.getMessage(), other);
    }
  }

  private static @Nullable ParquetFooter read(ThriftReader in) {
    byte[] schema = {};
    List<RowGroup> groups = new ArrayList<>();
    String createdBy = "";
    for (ThriftReader.Field field = in.next(0); !field.isEnd(); field = in.next(field.id())) {
      int begin = in.position();
      switch (field.id()) {
        case 2 -> {
          in.skip(field.type());
          schema = in.since(begin);
        }
        case 4 -> {
          for (int left = in.list(); left > 0; left--) {
            groups.add(RowGroup.read(in));
          }
        }
        case 6 -> createdBy = in.text();
        default -> in.skip(field.type());
      }
    }
    return createdBy.equals(CREATED_BY) ? new ParquetFooter(schema, groups) : null;
  }
}
