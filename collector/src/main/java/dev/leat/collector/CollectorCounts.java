package dev.leat.collector;

import java.util.Map;

/**
 * What came through the door since the start. Every event that was recognised as one is either
 * accepted or refused.
 *
 * @param refused events by the first thing wrong with them, or with their request
 * @param requests by the status of their answer
 * @param bodyBytes as sent
 * @param inflatedBytes after decompression
 * @param inFlightBytes held now
 */
public record CollectorCounts(
    long acceptedEvents,
    Map<FaultCode, Long> refused,
    Map<Integer, Long> requests,
    long bodyBytes,
    long inflatedBytes,
    long inFlightBytes) {
  public CollectorCounts {
    refused = Map.copyOf(refused);
    requests = Map.copyOf(requests);
  }

  public long refusedEvents() {
    return refused.values().stream().mapToLong(Long::longValue).sum();
  }
}
