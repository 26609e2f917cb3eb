package dev.leat.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** The two phases of {@code leat bench ingest} and what is read off around them. */
final class IngestBench {
  private static final long SEED = 20261123;
  private static final int SLOTS = 50_000;
  private static final int REPEAT_REACH = 100_000;
  private static final long ORDERS_PER_CONNECTION = 1_000_000_000L / 64;
  private static final Duration VISIBLE_PATIENCE = Duration.ofMinutes(10);

  private final LeatClient client;
  private final Path directory;
  private final Consumer<String> say;
  private final List<ShopBatches> batches = new ArrayList<>();

  IngestBench(LeatClient client, int connections, int batch, Path directory, Consumer<String> say) {
    this.client = client;
    this.directory = directory;
    this.say = say;
    SplittableRandom chance = new SplittableRandom(SEED);
    ShopSlots slots = new ShopSlots(SLOTS, chance.split());
    for (int i = 0; i < connections; i++) {
      batches.add(
          new ShopBatches(
              slots,
              chance.split(),
              batch,
              i * ORDERS_PER_CONNECTION,
              Math.max(1, REPEAT_REACH / connections)));
    }
  }

  BenchReport run(Duration warmUp, Duration phase) throws IOException, InterruptedException {
    say.accept("warming up for %d s".formatted(warmUp.toSeconds()));
    phase().asFastAsItGoes(warmUp);
    ServerState.awaitVisible(client, VISIBLE_PATIENCE);

    say.accept("as fast as it goes for %d s".formatted(phase.toSeconds()));
    ServerState before = ServerState.of(client);
    ServerState.Decided decidedBefore = ServerState.decided(client);
    Cpu cpuBefore = Cpu.of(before.pid());
    long begin = System.nanoTime();
    LoadPhase full = phase();
    full.asFastAsItGoes(phase);
    double loadSeconds = (System.nanoTime() - begin) / 1e9;
    Cpu cpuAfterLoad = Cpu.of(before.pid());
    boolean allVisible = ServerState.awaitVisible(client, VISIBLE_PATIENCE);
    double visibleSeconds = (System.nanoTime() - begin) / 1e9;
    ServerState.Decided decided = ServerState.decided(client).since(decidedBefore);
    Cpu cpuAfter = Cpu.of(before.pid());
    ServerState after = ServerState.of(client);

    Map<Integer, Histogram> fsync = FsyncProbe.run(directory);
    // Half of what it sustains: acknowledged faster than tabled, a load only grows the lag.
    double half = Math.min(full.acked() / loadSeconds, decided.all() / visibleSeconds) / 2;
    say.accept("at %,d/s on a schedule for %d s".formatted(Math.round(half), phase.toSeconds()));
    LoadPhase scheduled = phase();
    scheduled.atRate(half, phase);
    boolean secondVisible = ServerState.awaitVisible(client, VISIBLE_PATIENCE);

    return new BenchReport(
        full.acked() / loadSeconds,
        decided.all() / visibleSeconds,
        (cpuAfter.server() - cpuBefore.server()) * 1e6 / full.acked(),
        (cpuAfterLoad.own() - cpuBefore.own()) * 1e6 / full.acked(),
        half,
        full.latencyMicros(),
        scheduled.latencyMicros(),
        fsync,
        full.acked(),
        decided,
        full.pushedBack() + scheduled.pushedBack(),
        allVisible && secondVisible && decided.balanced() && decided.all() == full.acked(),
        before,
        after);
  }

  private LoadPhase phase() {
    return new LoadPhase(client.base(), batches);
  }

  /** Core-seconds used so far by the server and by this process. */
  private record Cpu(double server, double own) {
    static Cpu of(long pid) {
      double server =
          ProcessHandle.of(pid)
              .flatMap(process -> process.info().totalCpuDuration())
              .map(used -> used.toMillis() / 1e3)
              .orElse(Double.NaN);
      double own =
          ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                  .getProcessCpuTime()
              / 1e9;
      return new Cpu(server, own);
    }
  }
}
