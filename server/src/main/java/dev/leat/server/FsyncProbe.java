package dev.leat.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long this disk takes to keep some bytes, by size: what every figure about acknowledged events
 * stands beside. It writes over blocks that were written before, as a recycled log segment does.
 */
final class FsyncProbe {
  private static final int[] KIB = {4, 16, 64, 256};
  private static final int ROUNDS = 400;
  private static final int FILE_BYTES = 64 << 20;

  private FsyncProbe() {}

  /** Microseconds by KiB, in ascending order. */
  static Map<Integer, Histogram> run(Path directory) throws IOException {
    Path file = Files.createTempFile(directory, "fsync-probe", ".tmp");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
      for (long at = 0; at < FILE_BYTES; at += zeros.capacity()) {
        channel.write(zeros.clear(), at);
      }
      channel.force(true);
      Map<Integer, Histogram> results = new LinkedHashMap<>();
      for (int kib : KIB) {
        results.put(kib, probe(channel, kib << 10));
      }
      return results;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Histogram probe(FileChannel channel, int bytes) throws IOException {
    Histogram micros = new Histogram(3);
    ByteBuffer block = ByteBuffer.allocateDirect(bytes);
    for (int round = 0; round < ROUNDS; round++) {
      block.clear().putInt(0, round);
      long begin = System.nanoTime();
      channel.write(block, (long) round * bytes % FILE_BYTES);
      channel.force(false);
      micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin));
    }
    return micros;
  }
}
