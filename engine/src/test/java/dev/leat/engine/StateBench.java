package dev.leat.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.OperatingSystemMXBean;
import dev.leat.event.OsDisk;
import dev.leat.event.Threads;
import dev.leat.pipeline.Memory;
import dev.leat.testkit.Seeds;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * What the state costs with many ids in it: remembers them over a window of 24 hours, one day's
 * worth, then an eighth of a day more, then asks for duplicates of random old ones. Costs are CPU
 * time, so that other load on the machine matters little; making up the ids is measured alone and
 * taken off.
 *
 * <pre>
 *   ./mvnw -q -pl engine -am test-compile
 *   java -Xmx1536m --enable-native-access=ALL-UNNAMED -cp engine/target/test-classes:engine/target/classes:\
 *     pipeline/target/classes:testkit/target/classes:event/target/classes \
 *     dev.leat.engine.StateBench DIRECTORY [IDS]
 * </pre>
 */
final class StateBench {
  private static final Duration WINDOW = Duration.ofHours(24);
  private static final int IDS_PER_CUT = 250_000;
  private static final byte[] SOURCE = "https://shop.example/checkout".getBytes(US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
  private static final int ID_LENGTH = 24;

  private final Path directory;
  private final long ids;
  private final byte[] bytes = new byte[SOURCE.length + ID_LENGTH];
  private final ExecutorService committer = Executors.newSingleThreadExecutor();
  private final OperatingSystemMXBean process =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private byte[] manifest = {};
  private Future<byte[]> commit;
  private StateStore store;
  private Memory.Seen seen;
  private double makingMicros;

  private StateBench(Path directory, long ids) {
    this.directory = directory;
    this.ids = ids;
    System.arraycopy(SOURCE, 0, bytes, 0, SOURCE.length);
  }

  public static void main(String[] args) throws Exception {
    StateBench bench =
        new StateBench(Path.of(args[0]), args.length > 1 ? Long.parseLong(args[1]) : 100_000_000L);
    try {
      bench.run();
    } finally {
      bench.committer.shutdown();
    }
  }

  private void run() throws Exception {
    open();
    makingMicros = 0;
    makingMicros = measure("making ids", 4_000_000, this::make);
    measure("the first " + ids, ids, () -> add(0, ids));
    size();
    measure("an eighth more", ids / 8, () -> add(ids, ids + ids / 8));
    settle();
    measure("the merges after it", 1, () -> {});
    size();
    measure("an eighth more", ids / 8, () -> add(ids + ids / 8, ids + ids / 4));
    settle();
    size();
    measure("2 million unknown, no add", 2_000_000, () -> ask(2 * ids, 2 * ids + 2_000_000));
    measure("2 million random duplicates", 2_000_000, () -> duplicates(2_000_000));
    store.close();
    measure("open", 1, this::open);
    measure("2 million random duplicates", 2_000_000, () -> duplicates(2_000_000));
    store.close();
  }

  private void open() throws IOException {
    OsDisk disk = new OsDisk(directory);
    RandomGenerator chance = Seeds.chance(1);
    store = StateStore.open(disk, manifest, StateOptions.defaults(), chance, Threads.real());
    seen = store.seen("orders", WINDOW);
  }

  private interface Task {
    void run() throws Exception;
  }

  private double measure(String what, long count, Task task) throws Exception {
    long wall = System.nanoTime();
    long all = process.getProcessCpuTime();
    long own = threads.getCurrentThreadCpuTime();
    task.run();
    double allMicros = (process.getProcessCpuTime() - all) / 1e3 / count - makingMicros;
    double ownMicros = (threads.getCurrentThreadCpuTime() - own) / 1e3 / count - makingMicros;
    System.out.printf(
        "%-32s %8.3f cs/M all threads, %8.3f cs/M this thread, %7.2f s%n",
        what, allMicros, ownMicros, (System.nanoTime() - wall) / 1e9);
    return ownMicros;
  }

  private void make() {
    long sum = 0;
    for (long n = 0; n < 4_000_000; n++) {
      id(n);
      sum += bytes[SOURCE.length + (int) (n & 15)];
    }
    if (sum == 0) {
      throw new AssertionError("no ids");
    }
  }

  private void id(long n) {
    long mixed = n * 0x9e3779b97f4a7c15L;
    mixed ^= mixed >>> 32;
    for (int i = 0; i < ID_LENGTH; i++) {
      bytes[SOURCE.length + i] = HEX[(int) (mixed >>> (4 * i)) & 15];
    }
    // The sixteen digits of a bijection of n are distinct already.
  }

  private long first(long n) {
    id(n);
    return seen.first(bytes, 0, SOURCE.length, SOURCE.length, ID_LENGTH);
  }

  private void add(long from, long to) throws Exception {
    double microsPerId = WINDOW.toNanos() / 1e3 / ids;
    for (long n = from; n < to; n++) {
      if (n % 500 == 0) {
        store.advance((long) (n * microsPerId));
      }
      if (first(n) != Memory.Seen.NEVER) {
        throw new AssertionError("known: " + n);
      }
      seen.add(bytes, 0, SOURCE.length, SOURCE.length, ID_LENGTH, n);
      if ((n + 1) % IDS_PER_CUT == 0) {
        commit();
      }
    }
    commit();
  }

  private void ask(long from, long to) {
    for (long n = from; n < to; n++) {
      if (first(n) != Memory.Seen.NEVER) {
        throw new AssertionError("known: " + n);
      }
    }
  }

  private void commit() throws Exception {
    if (commit != null) {
      manifest = commit.get();
    }
    StateCut cut = store.cut();
    commit =
        committer.submit(
            () -> {
              byte[] written = store.write(cut);
              store.committed(written);
              return written;
            });
  }

  /** Lets the background work come to its end. */
  private void settle() throws Exception {
    int runs;
    do {
      runs = store.status().runs();
      Thread.sleep(3_000);
      commit();
    } while (runs != store.status().runs());
    manifest = commit.get();
  }

  private void duplicates(int count) {
    RandomGenerator chance = Seeds.chance(2);
    long end = ids + ids / 4;
    for (int i = 0; i < count; i++) {
      long n = end - 1 - chance.nextLong(ids);
      if (first(n) != n) {
        throw new AssertionError("unknown: " + n);
      }
    }
  }

  private void size() throws IOException {
    long disk;
    try (Stream<Path> files = Files.list(directory.resolve("state"))) {
      disk = files.mapToLong(file -> file.toFile().length()).sum();
    }
    System.gc();
    Runtime heap = Runtime.getRuntime();
    System.out.printf(
        "  %s%n  disk %.3f GB, heap used %.0f MB, %s%n",
        store.status(),
        disk / 1e9,
        (heap.totalMemory() - heap.freeMemory()) / 1e6,
        Files.readString(Path.of("/proc/self/status"))
            .lines()
            .filter(line -> line.startsWith("VmRSS"))
            .findFirst()
            .orElse(""));
  }
}
