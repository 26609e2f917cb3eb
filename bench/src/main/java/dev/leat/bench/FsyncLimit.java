package dev.leat.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.HdrHistogram.Histogram;

/** Blocks written over others, each followed by fdatasync: what the disk allows a durable log. */
final class FsyncLimit {
  static final int BLOCK_BYTES = 256 << 10;
  private static final int FILE_BYTES = 64 << 20;

  private FsyncLimit() {}

  record Result(Histogram micros, double bytesPerSecond, double coreSecondsPerGigabyte) {}

  static Result run(Path directory, int blockBytes, int blocks) throws IOException {
    Path file = Files.createTempFile(directory, "fsync", ".tmp");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocateDirect(blockBytes);
      for (long at = 0; at < FILE_BYTES; at += blockBytes) {
        channel.write(block.clear(), at);
      }
      channel.force(true);
      Histogram micros = new Histogram(3);
      Stopwatch watch = new Stopwatch();
      for (int i = 0; i < blocks; i++) {
        block.clear().putInt(0, i);
        long begin = System.nanoTime();
        channel.write(block, (long) i * blockBytes % FILE_BYTES);
        channel.force(false);
        micros.recordValue((System.nanoTime() - begin) / 1_000);
      }
      double bytes = (double) blocks * blockBytes;
      return new Result(micros, bytes / watch.seconds(), watch.cpuSeconds() / bytes * 1e9);
    } finally {
      Files.delete(file);
    }
  }
}
