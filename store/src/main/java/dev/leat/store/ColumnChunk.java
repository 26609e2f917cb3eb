package dev.leat.store;

import java.util.ArrayList;
import java.util.List;

/**
 * What a footer says of one column of one row group.
 *
 * @param path names from the top
 * @param dictionaryAt where in the file its dictionary is; -1 if it has none
 * @param dataAt where in the file its first page with values is
 * @param bytes of its pages with their headers
 * @param unpackedBytes the same before compression
 */
record ColumnChunk(
    List<String> path,
    ParquetType.Physical type,
    List<Integer> encodings,
    long values,
    long nulls,
    long dictionaryAt,
    long dataAt,
    long bytes,
    long unpackedBytes,
    ColumnStatistics statistics) {
  private static final int ZSTD = 6;

  // Fields of the metadata.
  private static final int TYPE = 1;
  private static final int ENCODINGS = 2;
  private static final int PATH = 3;
  private static final int CODEC = 4;
  private static final int VALUES = 5;
  private static final int UNPACKED_BYTES = 6;
  private static final int BYTES = 7;
  private static final int DATA_AT = 9;
  private static final int DICTIONARY_AT = 11;
  private static final int STATISTICS = 12;
  private static final int FIELDS = 13;

  /** The same, so many bytes further on in a file. */
  ColumnChunk moved(long by) {
    return new ColumnChunk(
        path,
        type,
        encodings,
        values,
        nulls,
        dictionaryAt < 0 ? dictionaryAt : dictionaryAt + by,
        dataAt + by,
        bytes,
        unpackedBytes,
        statistics);
  }

  void write(ThriftWriter out) {
    out.begin();
    out.int64(2, 0); // Where a copy of this stands behind the pages, as it does nowhere any more.
    out.begin(3);
    out.int32(TYPE, type.number());
    out.list(ENCODINGS, ThriftWriter.I32, encodings.size());
    encodings.forEach(out::int32);
    out.list(PATH, ThriftWriter.BINARY, path.size());
    path.forEach(out::text);
    out.int32(CODEC, ZSTD);
    out.int64(VALUES, values);
    out.int64(UNPACKED_BYTES, unpackedBytes);
    out.int64(BYTES, bytes);
    out.int64(DATA_AT, dataAt);
    if (dictionaryAt >= 0) {
      out.int64(DICTIONARY_AT, dictionaryAt);
    }
    statistics.write(STATISTICS, nulls, out);
    out.end();
    out.end();
  }

  static ColumnChunk read(ThriftReader in) {
    ColumnChunk chunk = null;
    for (ThriftReader.Field field = in.next(0); !field.isEnd(); field = in.next(field.id())) {
      if (field.id() == 3) {
        chunk = readMetadata(in);
      } else {
        in.skip(field.type());
      }
    }
    if (chunk == null) {
      throw new IndexOutOfBoundsException("a column without metadata");
    }
    return chunk;
  }

  private static ColumnChunk readMetadata(ThriftReader in) {
    List<String> path = new ArrayList<>();
    List<Integer> encodings = new ArrayList<>();
    ColumnStatistics.WithNulls statistics =
        new ColumnStatistics.WithNulls(0, ColumnStatistics.NONE);
    long[] numbers = new long[FIELDS];
    numbers[DICTIONARY_AT] = -1;
    for (ThriftReader.Field field = in.next(0); !field.isEnd(); field = in.next(field.id())) {
      switch (field.id()) {
        case ENCODINGS -> {
          for (int left = in.list(); left > 0; left--) {
            encodings.add((int) in.number());
          }
        }
        case PATH -> {
          for (int left = in.list(); left > 0; left--) {
            path.add(in.text());
          }
        }
        case TYPE, VALUES, UNPACKED_BYTES, BYTES, DATA_AT, DICTIONARY_AT ->
            numbers[field.id()] = in.number();
        case STATISTICS -> statistics = ColumnStatistics.read(in);
        default -> in.skip(field.type());
      }
    }
    return new ColumnChunk(
        path,
        ParquetType.Physical.of((int) numbers[TYPE]),
        encodings,
        numbers[VALUES],
        statistics.nulls(),
        numbers[DICTIONARY_AT],
        numbers[DATA_AT],
        numbers[BYTES],
        numbers[UNPACKED_BYTES],
        statistics.statistics());
  }
}
