package dev.leat.bench;

import dev.leat.bench.Generator.Load;
import dev.leat.bench.ShopOracle.Expectation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One run of one system: started from nothing, warmed up, loaded as fast as it goes, drained,
 * loaded on a schedule, drained, asked for its results, ended.
 */
final class Trial {
  private static final Duration END_PATIENCE = Duration.ofHours(1);
  private static final Duration DRAIN_PATIENCE = Duration.ofMinutes(5);
  private static final long POLL_MILLIS = 50;

  /** Windows that end within so long before the last event need not have closed yet. */
  private static final long OPEN_MILLIS = 20_000;

  /**
   * How a run is made.
   *
   * @param pacedRate events a second on a schedule; 0 for none
   * @param maxBacklog events that may be acknowledged and not decided on before more are sent
   */
  record Plan(
      Duration warmUp,
      Duration full,
      Duration paced,
      double pacedRate,
      int lanes,
      long maxBacklog) {}

  private final Candidate candidate;
  private final EventStream stream;
  private final Plan plan;

  Trial(Candidate candidate, EventStream stream, Plan plan) {
    this.candidate = candidate;
    this.stream = stream;
    this.plan = plan;
  }

  Measurement run(int number, Path directory) throws IOException, InterruptedException {
    try (Subject subject = candidate.make().get()) {
      subject.start(directory);
      Generator generator = new Generator(stream, subject, subject.lanes(plan.lanes()));
      Full full = full(subject, generator);
      Paced paced = plan.pacedRate() > 0 && !generator.ended() ? paced(subject, generator) : null;
      long sent = generator.acked();
      Verdict verdict = verdict(subject, sent);
      long atRest = subject.bytesAtRest();
      long memory = 0;
      for (Daemon daemon : subject.daemons()) {
        memory += daemon.peakMemoryMb();
      }
      return Measurement.of(
          candidate.name(),
          number,
          full,
          paced,
          sent,
          memory,
          (double) atRest / sent,
          subject.figures(),
          verdict);
    }
  }

  /**
   * As fast as it goes.
   *
   * @param acknowledgedPerSecond over the whole phase
   * @param decidedPerSecond from one growth of what is decided to another
   * @param generator core-seconds per million events
   * @param threads the server's share by its threads, where it is one process
   * @param drainSeconds after the last was acknowledged until the last was decided
   */
  record Full(
      double acknowledgedPerSecond,
      double decidedPerSecond,
      double server,
      double generator,
      Map<String, Double> threads,
      double drainSeconds,
      Histogram ackMicros) {}

  /**
   * On a schedule, with the time from acknowledgement to being decided and visible.
   *
   * @param eventsPerSecond due
   * @param decidedPerSecond until the last that was due had been decided
   */
  record Paced(
      double eventsPerSecond,
      double decidedPerSecond,
      Histogram ackMicros,
      @Nullable Histogram freshMicros) {}

  /** What was compared, and what was not as expected. */
  record Verdict(List<String> checked, List<String> differences) {}

  private Full full(Subject subject, Generator generator) throws IOException, InterruptedException {
    generator.allow(plan.maxBacklog());
    Load load = generator.full();
    Readings readings = new Readings(subject, generator, plan.maxBacklog());
    if (!stream.isFinite()) { // otherwise nothing would be left
      readings.follow(load, plan.warmUp());
    }
    long ackedBefore = generator.acked();
    long begin = System.nanoTime();
    Readings.Reading first = readings.last();
    Map<String, Double> threads = threads(subject);
    readings.follow(load, stream.isFinite() ? END_PATIENCE : plan.full());
    double seconds = (System.nanoTime() - begin) / 1e9;
    long acked = generator.acked();
    Readings.Reading last = readings.last();
    Map<String, Double> shares =
        shares(threads, threads(subject), last.decided() - first.decided());
    load.stop();
    double drained = readings.drain(DRAIN_PATIENCE);
    if (stream.isFinite()) {
      last = readings.last();
    }
    if (last.decided() <= first.decided()) {
      throw new IOException(
          "%s decided nothing in %.0f s; give it longer (--seconds)"
              .formatted(candidate.name(), seconds));
    }
    double events = last.decided() - first.decided();
    return new Full(
        (acked - ackedBefore) / seconds,
        events / (last.nanos() - first.nanos()) * 1e9,
        (last.serverCpu() - first.serverCpu()) * 1e6 / events,
        (last.ownCpu() - first.ownCpu()) * 1e6 / events,
        shares,
        drained,
        load.latencyMicros);
  }

  private static Map<String, Double> threads(Subject subject) throws IOException {
    List<Daemon> daemons = subject.daemons();
    return daemons.size() == 1 ? daemons.getFirst().threadCpuSeconds() : Map.of();
  }

  private static Map<String, Double> shares(
      Map<String, Double> before, Map<String, Double> after, long events) {
    Map<String, Double> shares = new TreeMap<>();
    after.forEach(
        (thread, seconds) -> {
          double used = seconds - before.getOrDefault(thread, 0.0);
          shares.put(thread, used * 1e6 / Math.max(1, events));
        });
    return shares;
  }

  private Paced paced(Subject subject, Generator generator)
      throws IOException, InterruptedException {
    long before = generator.acked();
    long begin = System.nanoTime();
    Load load = generator.paced(plan.pacedRate());
    Readings readings = new Readings(subject, generator, plan.maxBacklog());
    readings.follow(load, plan.paced());
    load.stop();
    readings.drain(DRAIN_PATIENCE);
    Readings.Reading last = readings.last();
    return new Paced(
        plan.pacedRate(),
        (last.decided() - before) / ((last.nanos() - begin) / 1e9),
        load.latencyMicros,
        candidate.decides() ? freshness(load.acknowledged, readings.decided()) : null);
  }

  /** For each acknowledgement, how long until as many events were decided. */
  static Histogram freshness(Timeline acknowledged, Timeline decided) {
    Histogram micros = new Histogram(3);
    for (int i = 1; i < acknowledged.size(); i++) {
      long reached = decided.reached(acknowledged.count(i));
      if (reached >= 0) {
        micros.recordValue(
            Math.max(0, TimeUnit.NANOSECONDS.toMicros(reached - acknowledged.nanos(i))));
      }
    }
    return micros;
  }

  private Verdict verdict(Subject subject, long sent) throws IOException, InterruptedException {
    if (!(stream instanceof ShopStream shop)) {
      // Each event is a row if all are good and different, as they are in streams that end.
      Results all = new Results(sent, null, null, null, null, null, null);
      Differences rows = Differences.between(all, subject.results(Long.MAX_VALUE));
      return new Verdict(rows.checked(), rows.found());
    }
    if (candidate.checks() == null) {
      return new Verdict(List.of(), List.of());
    }
    long closedBy = shop.due(sent) - OPEN_MILLIS;
    Expectation expected = new ShopOracle(shop, candidate.checks()).expect(sent, closedBy);
    Results actual = subject.results(closedBy).withoutPartsOf(expected.openVisits());
    Differences differences = Differences.between(expected.results(), actual);
    return new Verdict(differences.checked(), differences.found());
  }

  static void pause() throws InterruptedException {
    Thread.sleep(POLL_MILLIS);
  }
}
