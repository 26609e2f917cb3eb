package dev.leat.engine;

import java.util.ArrayList;
import java.util.List;

/** The entries that one stretch of log time brought; guarded by the lock of the catalogue. */
final class Bucket {
  final long number;

  /** What no run holds yet, oldest first; each holds what one stretch of cuts brought. */
  final List<MemTable> tables = new ArrayList<>();

  /** In the order in which they were written. */
  final List<Run> runs = new ArrayList<>();

  /** Its tag in the filter that the index's buckets share; 0 if it is not in it. */
  int tag;

  Bucket(long number) {
    this.number = number;
  }

  /**
   * The first cut whose deltas are needed to make this bucket, if all cuts below end are written.
   */
  long deltasFrom(long end) {
    return tables.isEmpty() ? end : Math.min(end, tables.getFirst().firstCut);
  }
}
