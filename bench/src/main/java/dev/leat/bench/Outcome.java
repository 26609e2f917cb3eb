package dev.leat.bench;

import java.util.List;
import java.util.Locale;

/**
 * What runs of one system on one query measured.
 *
 * @param wallSeconds from the first event until every closed window is durable; with Flink, emitted
 * @param cpuSeconds of the whole process in that time, collector and compiler included
 * @param readCpuSeconds what asking for every window once took after that; 0 if they were emitted
 * @param checkpoints that were completed in that time
 * @param digest of the results
 */
record Outcome(
    String system,
    Query query,
    long events,
    double wallSeconds,
    double cpuSeconds,
    double readCpuSeconds,
    long checkpoints,
    String digest) {

  /** Events per second and core: what one core does in a second, whatever ran beside it. */
  double perCore() {
    return events / cpuSeconds;
  }

  /** The same with asking for every window once. */
  double perCoreWithReading() {
    return events / (cpuSeconds + readCpuSeconds);
  }

  /** Both together; the digest is that of each if they are equal. */
  Outcome plus(Outcome other) {
    return new Outcome(
        system,
        query,
        events + other.events,
        wallSeconds + other.wallSeconds,
        cpuSeconds + other.cpuSeconds,
        readCpuSeconds + other.readCpuSeconds,
        checkpoints + other.checkpoints,
        digest.equals(other.digest) ? digest : digest + "/" + other.digest);
  }

  /** One line, for the process that started this one. */
  String line() {
    return String.format(
        Locale.ROOT,
        "outcome %s %s %d %.6f %.6f %.6f %d %s",
        system,
        query,
        events,
        wallSeconds,
        cpuSeconds,
        readCpuSeconds,
        checkpoints,
        digest);
  }

  static Outcome parse(String line) {
    List<String> parts = List.of(line.split(" ", -1));
    return new Outcome(
        parts.get(1),
        Query.valueOf(parts.get(2)),
        Long.parseLong(parts.get(3)),
        Double.parseDouble(parts.get(4)),
        Double.parseDouble(parts.get(5)),
        Double.parseDouble(parts.get(6)),
        Long.parseLong(parts.get(7)),
        parts.get(8));
  }
}
