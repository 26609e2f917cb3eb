package dev.leat.bench;

import dev.leat.bench.Generator.Load;
import java.io.IOException;
import java.time.Duration;

/**
 * Reads off, again and again, how much a system has decided and what that has cost, and lets the
 * generator go on accordingly. For one thread.
 */
final class Readings {
  /** Taken when the number of decided events has grown; core-seconds since each process began. */
  record Reading(long nanos, long decided, double serverCpu, double ownCpu) {}

  private final Subject subject;
  private final Generator generator;
  private final long backlog;
  private final Timeline decided = new Timeline();
  private Reading last;

  Readings(Subject subject, Generator generator, long backlog)
      throws IOException, InterruptedException {
    this.subject = subject;
    this.generator = generator;
    this.backlog = backlog;
    last = read();
  }

  /** The last growth. */
  Reading last() {
    return last;
  }

  Timeline decided() {
    return decided;
  }

  void follow(Load load, Duration duration) throws IOException, InterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end && !generator.ended()) {
      load.check();
      step();
      Trial.pause();
    }
  }

  /**
   * Waits until all that was acknowledged is decided.
   *
   * @return seconds that took
   */
  double drain(Duration patience) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    while (step() < generator.acked()) {
      if (System.nanoTime() - begin > patience.toNanos()) {
        throw new IOException(
            "%,d of %,d events were never decided"
                .formatted(generator.acked() - last.decided(), generator.acked()));
      }
      Trial.pause();
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private long step() throws IOException, InterruptedException {
    Reading now = read();
    if (now.decided() > last.decided()) {
      last = now;
    }
    return now.decided();
  }

  private Reading read() throws IOException, InterruptedException {
    long count = subject.decided(generator.acked());
    long nanos = System.nanoTime();
    double cpu = 0;
    for (Daemon daemon : subject.daemons()) {
      cpu += daemon.cpuSeconds();
    }
    decided.add(nanos, count);
    generator.allow(count + backlog);
    return new Reading(nanos, count, cpu, Daemon.ownCpuSeconds());
  }
}
