package dev.leat.trials;

import dev.leat.engine.EngineOptions;
import dev.leat.event.Disk;
import dev.leat.log.LogOptions;
import dev.leat.server.Machine;
import dev.leat.server.Main;
import dev.leat.store.StoreOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * A server in a process of its own, on a disk and a clock that may fail it. Its parts are small, so
 * that within seconds it rolls, recycles, seals, commits and merges.
 *
 * <p>Arguments: a {@link Trap} or {@code -}; steps of a {@link JumpingClock} or {@code -}; then
 * those of {@code leat}.
 */
final class TorturedServer {
  private static final int MIB = 1 << 20;
  private static final int KIB = 1 << 10;

  /** Small enough that segments are used again within a dozen cycles. */
  private static final LogOptions LOG =
      new LogOptions(
          256 * KIB, 128 * KIB, 64 * KIB, 4L * MIB, Duration.ofDays(2), 4L * MIB, 8L * MIB, 2);

  private static final String NONE = "-";
  private static final int ORPHANED = 92;

  private TorturedServer() {}

  public static void main(String[] arguments) {
    // Whoever started it may be killed too, and then nobody would end this process.
    Thread.ofVirtual().start(TorturedServer::endWithParent);
    UnaryOperator<Disk> disk = UnaryOperator.identity();
    if (!arguments[0].equals(NONE)) {
      // One tap for both disks, so that it counts the operations of the whole house.
      Tap tap = Trap.parse(arguments[0]).arm(Thread.currentThread());
      disk = real -> new TappedDisk(real, tap);
    }
    InstantSource clock =
        arguments[1].equals(NONE) ? InstantSource.system() : JumpingClock.parse(arguments[1]);
    Machine machine = new Machine(disk, clock, TorturedServer::sizes);
    System.exit(Main.run(machine, Arrays.copyOfRange(arguments, 2, arguments.length)));
  }

  private static void endWithParent() {
    ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().join());
    Runtime.getRuntime().halt(ORPHANED);
  }

  private static Machine.Sizes sizes(int partitions) {
    return new Machine.Sizes(
        _ -> LOG,
        StoreOptions.defaults(partitions)
            .withQueries(1, 128L * MIB, 2)
            .withQueueWait(Duration.ofSeconds(10))
            .withLayout(50, 4L * MIB, Duration.ofSeconds(2), 3),
        new EngineOptions(
            partitions,
            Duration.ofMillis(250),
            MIB / 2,
            2L * MIB,
            Duration.ofSeconds(1),
            Duration.ofMillis(500)));
  }
}
