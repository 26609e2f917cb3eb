package dev.leat.server;

import dev.leat.engine.EngineOptions;
import dev.leat.event.Disk;
import dev.leat.log.LogOptions;
import dev.leat.store.StoreOptions;
import java.time.InstantSource;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * What a house stands on: its disks, its clock, and how large its parts are. A trial makes one that
 * fails, jumps and fills up quickly. Immutable.
 *
 * @param disk what the house gets for a directory of the operating system; applied once to the data
 *     directory and once to the {@code store} below it
 * @param clock the time of day
 * @param sizes for a number of partitions
 */
public record Machine(UnaryOperator<Disk> disk, InstantSource clock, IntFunction<Sizes> sizes) {
  /**
   * How the rooms lay themselves out.
   *
   * @param log what becomes of the options that the definition asks for
   */
  public record Sizes(UnaryOperator<LogOptions> log, StoreOptions store, EngineOptions engine) {
    /** What suits one machine of ordinary size. */
    public static Sizes defaults(int partitions) {
      return new Sizes(
          UnaryOperator.identity(),
          StoreOptions.defaults(partitions),
          EngineOptions.of(partitions));
    }
  }

  /** The one under our feet. */
  public static Machine real() {
    return new Machine(UnaryOperator.identity(), InstantSource.system(), Sizes::defaults);
  }
}
