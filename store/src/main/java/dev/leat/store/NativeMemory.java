package dev.leat.store;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much memory the process holds outside the Java heap. DuckDB's limit counts its buffers but
 * not the working state of some aggregates (histogram, mode, quantiles) nor of functions that build
 * long texts and lists; this sees all of it.
 */
final class NativeMemory {
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE_BYTES = 4_096;

  private NativeMemory() {}

  /** Resident bytes beyond the heap, or 0 where the system does not say. */
  static long bytes() {
    if (!Files.isReadable(STATM)) {
      return 0;
    }
    try {
      long resident = Long.parseLong(Files.readString(STATM).split(" ", -1)[1]) * PAGE_BYTES;
      return Math.max(
          0, resident - ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted());
    } catch (IOException unknown) {
      return 0;
    }
  }
}
