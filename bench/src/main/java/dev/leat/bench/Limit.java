package dev.leat.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * A part that is measured alone, in this process on one thread.
 *
 * @param about what it does and does not do
 * @param work one round
 */
record Limit(String name, String title, String about, Work work) {
  private static final int GENERATED_REQUESTS = 8_000;
  private static final int BLOCKS = 4_000;
  private static final int ROWS = 400_000;

  /** Does a round and says of how many events. */
  interface Work {
    long run() throws IOException, SQLException;
  }

  long run() throws IOException {
    try {
      return work.run();
    } catch (SQLException failed) {
      throw new IOException(name + " failed", failed);
    }
  }

  static List<Limit> all(ShopStream stream, Path directory) throws IOException {
    DuckLimit duck = new DuckLimit(stream, directory, ROWS);
    return List.of(
        new Limit(
            "generator",
            "The generator alone",
            "Makes requests of 500 orders in memory, on one thread.",
            () -> generate(stream)),
        new Limit(
            "fdatasync",
            "write + fdatasync alone",
            "Writes 256 KiB over blocks that were written before and syncs each; events are what"
                + " fits into that.",
            () -> {
              FsyncLimit.run(directory, FsyncLimit.BLOCK_BYTES, BLOCKS);
              return (long) (BLOCKS * (double) FsyncLimit.BLOCK_BYTES / stream.eventBytes());
            }),
        new Limit(
            "duckdb-appender",
            "DuckDB's appender alone",
            "Typed rows of 24 columns into a table on disk, row by row through JDBC on one thread;"
                + " nothing is parsed, and rows are durable with the one commit at the end.",
            duck::append),
        new Limit(
            "duckdb-copy",
            "DuckDB's COPY alone",
            "That table to Parquet with zstd, on one thread.",
            duck::copy));
  }

  private static long generate(ShopStream stream) {
    Chunk chunk = stream.chunk();
    for (int request = 0; request < GENERATED_REQUESTS; request++) {
      if (!stream.write(request, chunk)) {
        throw new IllegalStateException("a shop has no end");
      }
    }
    return (long) GENERATED_REQUESTS * stream.batch();
  }
}
