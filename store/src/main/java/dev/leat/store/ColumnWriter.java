package dev.leat.store;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes the cells of a column as pages. What form they take follows from the values: a dictionary
 * if they repeat, otherwise differences for whole numbers, the bytes of doubles by their place, and
 * for text all lengths before all bytes. For one thread.
 */
final class ColumnWriter implements AutoCloseable {
  /** A page ends when it holds so many bytes of text, or all there is. */
  private static final int PAGE_BYTES = 1 << 20;

  private static final int MAX_KEPT_BYTES = 4 << 20;

  private final ByteSink out;
  private final PageWriter pages;
  private final ByteSink body = new ByteSink();
  private final BitPacking packing = new BitPacking();
  private final Dictionary dictionary = new Dictionary();
  private long[] lengths = new long[0];
  private int encoding;

  /**
   * @param out where the pages go
   */
  ColumnWriter(ByteSink out) {
    this.out = out;
    this.pages = new PageWriter(out);
  }

  /**
   * Writes a column.
   *
   * @param levels the definition level of each row
   * @param at where in the file the sink begins
   */
  ColumnChunk write(ParquetSchema.Leaf leaf, Cells cells, int[] levels, long at) {
    int begin = out.length();
    pages.takeUnpackedBytes();
    int entries = entries(leaf.type(), cells);
    long dictionaryAt = -1;
    if (entries != Dictionary.NONE) {
      dictionaryAt = at + begin;
      writeDictionary(leaf.type(), cells, entries);
    }
    ColumnStatistics statistics = statistics(leaf.type(), cells, entries);
    long dataAt = at + out.length();
    writePages(leaf, cells, levels, entries);
    body.shrink(MAX_KEPT_BYTES);
    List<Integer> encodings = new ArrayList<>(List.of(PageWriter.RLE, encoding));
    if (entries != Dictionary.NONE) {
      encodings.add(PageWriter.PLAIN);
    }
    return new ColumnChunk(
        leaf.path(),
        leaf.type().physical(),
        encodings,
        cells.rows(),
        cells.rows() - (long) cells.count(),
        dictionaryAt,
        dataAt,
        out.length() - (long) begin,
        pages.takeUnpackedBytes(),
        statistics);
  }

  private int entries(ParquetType type, Cells cells) {
    return switch (type) {
      case TEXT, JSON -> cells.count() == 0 ? Dictionary.NONE : dictionary.encodeTexts(cells);
      case DOUBLE ->
          cells.count() == 0
              ? Dictionary.NONE
              : dictionary.encodeNumbers(cells.numbers(), cells.count());
      case BOOLEAN, INTEGER, LONG, TIME, BYTES -> Dictionary.NONE;
    };
  }

  private ColumnStatistics statistics(ParquetType type, Cells cells, int entries) {
    boolean isCoded = entries != Dictionary.NONE;
    int count = isCoded ? entries : cells.count();
    return switch (type) {
      case INTEGER -> ColumnStatistics.ofLongs(cells.numbers(), count, Integer.BYTES);
      case LONG, TIME -> ColumnStatistics.ofLongs(cells.numbers(), count, Long.BYTES);
      case BOOLEAN -> ColumnStatistics.ofLongs(cells.numbers(), count, 1);
      case DOUBLE ->
          ColumnStatistics.ofDoubles(isCoded ? dictionary.numbers() : cells.numbers(), count);
      case TEXT -> ColumnStatistics.ofTexts(cells, count, isCoded ? dictionary : null);
      case JSON, BYTES -> ColumnStatistics.NONE;
    };
  }

  private void writeDictionary(ParquetType type, Cells cells, int entries) {
    body.clear();
    for (int entry = 0; entry < entries; entry++) {
      if (type == ParquetType.DOUBLE) {
        body.putLong(dictionary.numbers()[entry]);
      } else {
        int value = dictionary.value(entry);
        body.putInt(cells.length(value));
        body.put(cells.array(value), cells.from(value), cells.length(value));
      }
    }
    pages.dictionary(body, entries);
  }

  private void writePages(ParquetSchema.Leaf leaf, Cells cells, int[] levels, int entries) {
    boolean isLong = entries == Dictionary.NONE && leaf.type().physical().isText();
    int row = 0;
    int value = 0;
    while (row < cells.rows()) {
      int beginRow = row;
      int beginValue = value;
      if (isLong) {
        for (long bytes = 0; row < cells.rows() && bytes < PAGE_BYTES; row++) {
          if (cells.isPresent(row)) {
            bytes += cells.length(value++);
          }
        }
      } else {
        row = cells.rows();
        value = cells.count();
      }
      body.clear();
      putLevels(levels, beginRow, row, leaf.level());
      encoding = putValues(leaf.type(), cells, beginValue, value, entries);
      pages.data(body, row - beginRow, encoding);
    }
  }

  /** With their length in bytes before them. */
  private void putLevels(int[] levels, int from, int to, int most) {
    int begin = body.length();
    body.putInt(0);
    BitPacking.putRuns(levels, from, to, BitPacking.width(most), body);
    body.setInt(begin, body.length() - begin - Integer.BYTES);
  }

  private int putValues(ParquetType type, Cells cells, int from, int to, int entries) {
    if (entries != Dictionary.NONE) {
      int width = Math.max(1, BitPacking.width(entries - 1));
      body.put(width);
      BitPacking.putRuns(dictionary.codes(), from, to, width, body);
      return PageWriter.RLE_DICTIONARY;
    }
    if (from == to) {
      return PageWriter.PLAIN;
    }
    return switch (type) {
      case BOOLEAN -> {
        putBits(cells.numbers(), from, to);
        yield PageWriter.PLAIN;
      }
      case INTEGER, LONG, TIME -> {
        packing.putDeltas(cells.numbers(), from, to, body);
        yield PageWriter.DELTA_BINARY_PACKED;
      }
      case DOUBLE -> {
        putSplit(cells.numbers(), from, to);
        yield PageWriter.BYTE_STREAM_SPLIT;
      }
      case TEXT, JSON, BYTES -> {
        putTexts(cells, from, to);
        yield PageWriter.DELTA_LENGTH_BYTE_ARRAY;
      }
    };
  }

  private void putBits(long[] truths, int from, int to) {
    for (int at = from; at < to; at += Byte.SIZE) {
      int bits = 0;
      for (int i = at; i < Math.min(to, at + Byte.SIZE); i++) {
        bits |= (int) truths[i] << (i - at);
      }
      body.put(bits);
    }
  }

  /** First the lowest byte of each number, then the next of each, and so on. */
  private void putSplit(long[] numbers, int from, int to) {
    int count = to - from;
    byte[] into = body.reserve(count * Long.BYTES);
    int begin = body.length();
    for (int i = 0; i < count; i++) {
      long number = numbers[from + i];
      for (int place = 0; place < Long.BYTES; place++) {
        into[begin + place * count + i] = (byte) (number >>> (place * Byte.SIZE));
      }
    }
    body.advance(count * Long.BYTES);
  }

  private void putTexts(Cells cells, int from, int to) {
    if (lengths.length < to) {
      lengths = new long[cells.count()];
    }
    for (int i = from; i < to; i++) {
      lengths[i] = cells.length(i);
    }
    packing.putDeltas(lengths, from, to, body);
    for (int i = from; i < to; i++) {
      body.put(cells.array(i), cells.from(i), cells.length(i));
    }
  }

  @Override
  public void close() {
    pages.close();
  }
}
