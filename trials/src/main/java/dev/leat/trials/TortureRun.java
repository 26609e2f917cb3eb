package dev.leat.trials;

import dev.leat.trials.TortureFault.Kind;
import dev.leat.trials.TortureGround.Sort;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Stretches on several directories at once, until the time is over or too much broke. */
final class TortureRun {
  private static final Duration PROGRESS = Duration.ofSeconds(30);

  /** So many directories with something wrong are kept; then there is enough to look at. */
  private static final int MAX_BROKEN = 10;

  /** What a stretch is thought to take while it runs. */
  private static final long PLANNED = Duration.ofMinutes(2).toNanos();

  private static final Duration TRAINING = Duration.ofMinutes(3);

  /** How much of the time each sort of ground gets. */
  private static final Map<Sort, Integer> SHARES =
      new EnumMap<>(Map.of(Sort.PLAIN, 65, Sort.POWER, 25, Sort.CLOCK, 6, Sort.SMALL, 4));

  private final long seed;
  private final Path directory;
  private final Set<Kind> wanted;
  private final int parallel;
  private final long cycles;
  private final int checkEvery;
  private final TortureReport report;
  private final PrintWriter err;
  private final AtomicLong stretches = new AtomicLong();
  private final Map<Sort, Long> spent = new EnumMap<>(Sort.class); // guarded by itself
  private volatile long endNanos;
  private final AtomicInteger broken = new AtomicInteger();

  TortureRun(
      long seed,
      Path directory,
      Set<Kind> wanted,
      int parallel,
      long cycles,
      int checkEvery,
      TortureReport report,
      PrintWriter err) {
    this.seed = seed;
    this.directory = directory;
    this.wanted = wanted;
    this.parallel = parallel;
    this.cycles = cycles;
    this.checkEvery = checkEvery;
    this.report = report;
    this.err = err;
  }

  void run(double minutes) throws IOException, InterruptedException {
    Path cache = directory.resolve("torture.aot");
    if (!isFresh(cache)) {
      train(cache);
    }
    List<String> java = java(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off"));
    endNanos = System.nanoTime() + (long) (minutes * 60e9);
    List<Thread> lanes = new ArrayList<>();
    for (int lane = 0; lane < parallel; lane++) {
      lanes.add(Thread.ofPlatform().name("torture-" + lane).start(() -> lane(java)));
    }
    for (Thread lane : lanes) {
      while (!lane.join(PROGRESS)) {
        say(report.progress());
      }
    }
    say(report.progress());
  }

  /** Whether it was made since the programs were built. */
  private static boolean isFresh(Path cache) throws IOException {
    if (!Files.exists(cache)) {
      return false;
    }
    for (String path : System.getProperty("java.class.path").split(":", -1)) {
      if (Files.getLastModifiedTime(Path.of(path)).compareTo(Files.getLastModifiedTime(cache))
          > 0) {
        return false;
      }
    }
    return true;
  }

  /** How to start a JVM like this one, small and quick to start. */
  static List<String> java(List<String> more) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx384m",
                "-XX:MaxDirectMemorySize=128m"));
    options.addAll(more);
    return Jvm.command(options);
  }

  /** Writes down which classes a server loads, so that the others start in half the time. */
  private void train(Path cache) throws IOException, InterruptedException {
    Files.deleteIfExists(cache);
    TortureGround ground = TortureGround.make(Sort.PLAIN, directory.resolve("training"));
    Path config = TortureDefinition.write(ground.directory().resolve("config"), "1h");
    List<String> java = java(List.of("-XX:AOTCacheOutput=" + cache));
    TorturedProcess.Order order =
        new TorturedProcess.Order(List.of(), java, null, null, config, ground.data());
    Path log = ground.directory().resolve("server.log");
    try (TorturedProcess server = TorturedProcess.start(order, log)) {
      URI url = server.url();
      if (url == null) {
        throw new IOException("no server starts here: see " + log);
      }
      try (TortureClient client = new TortureClient(url)) {
        TortureBook book = new TortureBook(0, new SplittableRandom(seed));
        TortureLoad load = TortureLoad.of(client);
        load.start(List.of(book));
        Thread.sleep(Duration.ofSeconds(1));
        load.stop();
        TortureCheck.rows(client, List.of(book));
      }
      server.signal("TERM");
      server.awaitEnd(TRAINING);
    }
    if (!Files.exists(cache)) {
      say("the rehearsal of a start left no cache, so servers start more slowly");
    }
    ground.remove();
  }

  private boolean timeLeft() {
    return broken.get() < MAX_BROKEN && System.nanoTime() < endNanos && report.cycles() < cycles;
  }

  private void lane(List<String> java) {
    while (timeLeft()) {
      long number = stretches.getAndIncrement();
      try {
        stretch(java, seed + number, number);
      } catch (IOException | RuntimeException failed) {
        // Not the server's fault, or not known to be; but nothing is proven any more.
        broken.incrementAndGet();
        TortureCheck.Findings findings = new TortureCheck.Findings();
        findings.wrong("the trial itself failed: " + failed);
        report.checked(Kind.KILL, findings, false, "seed " + (seed + number));
      } catch (InterruptedException ended) {
        return;
      }
    }
  }

  private void stretch(List<String> java, long stretchSeed, long number)
      throws IOException, InterruptedException {
    Sort sort = takeSort();
    long from = System.nanoTime();
    TortureGround ground =
        TortureGround.make(sort, directory.resolve("stretch-%04d".formatted(number)));
    TortureStretch stretch = new TortureStretch(stretchSeed, ground, report, java, checkEvery);
    if (stretch.run(wanted, sort.cycles, this::timeLeft)) {
      ground.remove();
    } else {
      broken.incrementAndGet();
      ground.leave();
      report.news().forEach(violation -> say("VIOLATION " + violation));
      say("broken: seed %d, %s".formatted(stretchSeed, ground.directory()));
    }
    synchronized (spent) {
      spent.merge(sort, System.nanoTime() - from - PLANNED, Long::sum);
    }
  }

  /** The sort that has had the least of its share. */
  private Sort takeSort() {
    synchronized (spent) {
      Sort best = null;
      double least = Double.MAX_VALUE;
      for (Sort sort : Sort.values()) {
        double had = spent.getOrDefault(sort, 0L) / (double) SHARES.getOrDefault(sort, 1);
        if (!sort.kinds(wanted).isEmpty() && had < least) {
          best = sort;
          least = had;
        }
      }
      if (best == null) {
        throw new IllegalStateException("no ground for " + wanted);
      }
      spent.merge(best, PLANNED, Long::sum);
      return best;
    }
  }

  private synchronized void say(String line) {
    err.println(line);
    err.flush();
  }
}
