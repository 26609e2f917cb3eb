package dev.leat.log;

import java.util.Arrays;
import java.util.List;

/**
 * The live segments in order; the last one is being written. The writer changes it, anybody may
 * look.
 */
final class SegmentList {
  // Replaced, never changed, so that readers need no lock.
  private volatile Segment[] segments;

  SegmentList(List<Segment> segments) {
    this.segments = segments.toArray(Segment[]::new);
  }

  Segment first() {
    return segments[0];
  }

  Segment active() {
    Segment[] now = segments;
    return now[now.length - 1];
  }

  int size() {
    return segments.length;
  }

  Segment get(int index) {
    return segments[index];
  }

  /** The last segment that begins at or below the offset, or else the first. */
  Segment find(long offset) {
    Segment[] now = segments;
    int low = 0;
    int high = now.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (now[middle].baseOffset <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return now[low];
  }

  long bytes() {
    long sum = 0;
    for (Segment segment : segments) {
      sum += segment.fileBytes;
    }
    return sum;
  }

  void append(Segment segment) {
    Segment[] longer = Arrays.copyOf(segments, segments.length + 1);
    longer[longer.length - 1] = segment;
    segments = longer;
  }

  void removeFirst() {
    segments = Arrays.copyOfRange(segments, 1, segments.length);
  }
}
