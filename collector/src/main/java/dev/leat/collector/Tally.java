package dev.leat.collector;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts behind {@link CollectorCounts}. Any number of threads. */
final class Tally {
  private final LongAdder accepted = new LongAdder();
  private final LongAdder bodyBytes = new LongAdder();
  private final LongAdder inflatedBytes = new LongAdder();

  /** Complete from the start, so reading it needs no lock. */
  private final Map<FaultCode, LongAdder> refused = new EnumMap<>(FaultCode.class);

  /** Bounded: the statuses are the edge's own, a dozen. */
  private final Map<Integer, LongAdder> requests = new ConcurrentHashMap<>();

  Tally() {
    for (FaultCode code : FaultCode.values()) {
      refused.put(code, new LongAdder());
    }
  }

  void accepted(int events) {
    accepted.add(events);
  }

  void refused(FaultCode code, int events) {
    requireNonNull(refused.get(code)).add(events);
  }

  /** Counts the bad events by their first fault. */
  void refused(FaultList faults, int events) {
    for (int index = 0; index < events; index++) {
      if (faults.has(index)) {
        refused(faults.firstCode(index), 1);
      }
    }
  }

  void read(long asSent, long inflated) {
    bodyBytes.add(asSent);
    inflatedBytes.add(inflated);
  }

  void answered(int status) {
    requests.computeIfAbsent(status, _ -> new LongAdder()).increment();
  }

  CollectorCounts snapshot(long inFlightBytes) {
    Map<FaultCode, Long> byCode = new EnumMap<>(FaultCode.class);
    refused.forEach(
        (code, count) -> {
          if (count.sum() > 0) {
            byCode.put(code, count.sum());
          }
        });
    Map<Integer, Long> byStatus = new TreeMap<>();
    requests.forEach((status, count) -> byStatus.put(status, count.sum()));
    return new CollectorCounts(
        accepted.sum(), byCode, byStatus, bodyBytes.sum(), inflatedBytes.sum(), inFlightBytes);
  }
}
