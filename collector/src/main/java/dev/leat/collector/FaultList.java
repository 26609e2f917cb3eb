package dev.leat.collector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What went wrong in one request. Every event's first code is remembered, in two bytes; only the
 * first faults are kept in words, so that a request of nothing but rubbish stays cheap. For one
 * thread.
 */
final class FaultList {
  private static final int MAX_FAULTS_PER_EVENT = 16;

  private final int maxFaults;
  private final List<Fault> listed = new ArrayList<>();
  private short[] firstCodes = new short[64];
  private int total;
  private int refusedEvents;
  private int lastIndex = -1;
  private int faultsOfLast;

  FaultList(int maxFaults) {
    this.maxFaults = maxFaults;
  }

  void clear() {
    Arrays.fill(firstCodes, (short) 0);
    if (firstCodes.length > 4_096) {
      firstCodes = new short[64];
    }
    listed.clear();
    total = 0;
    refusedEvents = 0;
    lastIndex = -1;
  }

  void add(int index, String pointer, FaultCode code, String expected, String found) {
    if (index != lastIndex) {
      begin(index, code);
    }
    total++;
    if (++faultsOfLast <= MAX_FAULTS_PER_EVENT && listed.size() < maxFaults) {
      listed.add(new Fault(index, pointer, code, expected, Fault.printable(found)));
    }
  }

  /** Whether words for a fault of this event would be kept, so that finding them is worth while. */
  boolean wantsWords(int index) {
    return listed.size() < maxFaults && (index != lastIndex || faultsOfLast < MAX_FAULTS_PER_EVENT);
  }

  boolean isEmpty() {
    return total == 0;
  }

  boolean has(int index) {
    return index < firstCodes.length && firstCodes[index] != 0;
  }

  FaultCode firstCode(int index) {
    return FaultCode.ofNumber(firstCodes[index]);
  }

  List<Fault> listed() {
    return List.copyOf(listed);
  }

  int total() {
    return total;
  }

  int refusedEvents() {
    return refusedEvents;
  }

  /** The first code of each of the events, where something is wrong. */
  Outcome.Verdicts verdicts(int events) {
    return new Outcome.Verdicts(Arrays.copyOf(firstCodes, events));
  }

  private void begin(int index, FaultCode code) {
    if (index >= firstCodes.length) {
      firstCodes = Arrays.copyOf(firstCodes, Math.max(index + 1, firstCodes.length * 2));
    }
    firstCodes[index] = (short) code.number();
    lastIndex = index;
    faultsOfLast = 0;
    refusedEvents++;
  }
}
