package dev.leat.store;

import dev.leat.event.RowChunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Puts a cut's rows into files: a UTC day with enough rows gets one of its own, the others share
 * one, and in each the rows follow their time. Events with random times would otherwise make a file
 * for every day there is.
 */
final class RowOrder {
  private static final int ORDINAL_BITS = 26;
  private static final long ORDINAL_MASK = (1L << ORDINAL_BITS) - 1;

  private RowOrder() {}

  /**
   * The rows of one file.
   *
   * @param day their UTC day, or {@link DataFile#MIXED}
   * @param source the rows in the order of time
   */
  record Group(long day, RowSource source, DataFile.Span span) {}

  static List<Group> of(RowSource rows, int minDayRows) {
    List<RowChunk.View> views = rows.views();
    TreeMap<Long, Day> days = new TreeMap<>();
    int ordinal = 0;
    for (int view = 0; view < views.size(); view++) {
      for (int row = 0; row < views.get(view).rows(); row++) {
        long time = timeOf(views.get(view).chunk(), row);
        long day = Math.floorDiv(time, DataFile.MICROS_PER_DAY);
        days.computeIfAbsent(day, _ -> new Day())
            .add(Math.floorMod(time, DataFile.MICROS_PER_DAY), ordinal++);
      }
    }
    if (ordinal > ORDINAL_MASK) {
      throw new IllegalArgumentException(
          "a cut of %d rows is too large to order".formatted(ordinal));
    }
    int[] references = references(views, ordinal);
    List<Group> groups = new ArrayList<>();
    int[] mixed = new int[ordinal];
    int mixedRows = 0;
    for (var entry : days.entrySet()) {
      int[] sorted = entry.getValue().sorted(references);
      if (sorted.length >= minDayRows || days.size() == 1) {
        groups.add(group(entry.getKey(), rows, sorted));
      } else {
        System.arraycopy(sorted, 0, mixed, mixedRows, sorted.length);
        mixedRows += sorted.length;
      }
    }
    if (mixedRows > 0) {
      groups.add(group(DataFile.MIXED, rows, Arrays.copyOf(mixed, mixedRows)));
    }
    return groups;
  }

  /** The references by ordinal, the order in which rows were written. */
  private static int[] references(List<RowChunk.View> views, int rows) {
    int[] references = new int[rows];
    int ordinal = 0;
    for (int view = 0; view < views.size(); view++) {
      for (int row = 0; row < views.get(view).rows(); row++) {
        references[ordinal++] = RowSource.reference(view, row);
      }
    }
    return references;
  }

  private static Group group(long day, RowSource rows, int[] sorted) {
    List<RowChunk.View> views = rows.views();
    long minOffset = Long.MAX_VALUE;
    long maxOffset = Long.MIN_VALUE;
    long maxReceived = Long.MIN_VALUE;
    for (int reference : sorted) {
      RowChunk chunk = views.get(RowSource.viewOf(reference)).chunk();
      int row = RowSource.rowOf(reference);
      minOffset = Math.min(minOffset, chunk.offset.get(row));
      maxOffset = Math.max(maxOffset, chunk.offset.get(row));
      maxReceived = Math.max(maxReceived, receivedAt(chunk, row));
    }
    DataFile.Span span =
        new DataFile.Span(
            timeOf(views, sorted[0]),
            timeOf(views, sorted[sorted.length - 1]),
            maxReceived,
            minOffset,
            maxOffset);
    return new Group(day, rows.ordered(sorted), span);
  }

  private static long receivedAt(RowChunk chunk, int row) {
    return chunk.receivedMicros.isPresent(row) ? chunk.receivedMicros.get(row) : 0;
  }

  private static long timeOf(List<RowChunk.View> views, int reference) {
    return timeOf(views.get(RowSource.viewOf(reference)).chunk(), RowSource.rowOf(reference));
  }

  private static long timeOf(RowChunk chunk, int row) {
    return chunk.timeMicros.isPresent(row) ? chunk.timeMicros.get(row) : 0;
  }

  /** Rows of a day as numbers that sort by time of day, then by ordinal. */
  private static final class Day {
    private long[] keys = new long[64];
    private int rows;

    void add(long microsOfDay, int ordinal) {
      if (rows == keys.length) {
        keys = Arrays.copyOf(keys, rows * 2);
      }
      keys[rows++] = microsOfDay << ORDINAL_BITS | ordinal;
    }

    int[] sorted(int[] references) {
      Arrays.sort(keys, 0, rows);
      int[] sorted = new int[rows];
      for (int i = 0; i < rows; i++) {
        sorted[i] = references[(int) (keys[i] & ORDINAL_MASK)];
      }
      return sorted;
    }
  }
}
