package dev.leat.collector;

import java.time.Duration;

/**
 * The limits of the front door. Each answers a request that passes it; none is suffered.
 *
 * @param maxBodyBytes of a request as sent, hence compressed if it is
 * @param maxInflatedBytes of a request after decompression
 * @param maxInflationRatio inflated to compressed, looked at once more than a mebibyte came out
 * @param maxEventBytes of one event in JSON, or of the body in binary mode
 * @param maxEvents in one request
 * @param maxDepth objects and arrays inside each other, the event itself included
 * @param maxFaults listed in an answer; all are counted
 * @param maxInFlightBytes that all requests together hold at one time, bodies and batches
 * @param retryAfter what an overloaded or stopping collector tells the sender to wait
 * @param pooledRequests whose buffers are kept for the next ones
 * @param pooledBytes the largest buffer that is kept
 * @param durability what stands in the answer: how the log makes events durable
 */
public record CollectorOptions(
    int maxBodyBytes,
    int maxInflatedBytes,
    int maxInflationRatio,
    int maxEventBytes,
    int maxEvents,
    int maxDepth,
    int maxFaults,
    long maxInFlightBytes,
    Duration retryAfter,
    int pooledRequests,
    int pooledBytes,
    String durability) {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  /** A length in an array needs room for the array's header. */
  private static final int LARGEST = Integer.MAX_VALUE / 4;

  public CollectorOptions {
    atLeast("maxBodyBytes", maxBodyBytes, KIB);
    atMost("maxBodyBytes", maxBodyBytes, LARGEST);
    atLeast("maxInflatedBytes", maxInflatedBytes, maxBodyBytes);
    atMost("maxInflatedBytes", maxInflatedBytes, LARGEST);
    atLeast("maxInflationRatio", maxInflationRatio, 2);
    atLeast("maxEventBytes", maxEventBytes, 256);
    atMost("maxEventBytes", maxEventBytes, maxInflatedBytes);
    atLeast("maxEvents", maxEvents, 1);
    atLeast("maxDepth", maxDepth, 2);
    atMost("maxDepth", maxDepth, 1_000);
    atLeast("maxFaults", maxFaults, 1);
    atLeast("maxInFlightBytes", maxInFlightBytes, 2L * maxInflatedBytes);
    atLeast("pooledRequests", pooledRequests, 0);
    atLeast("pooledBytes", pooledBytes, 0);
    if (retryAfter.isNegative() || retryAfter.isZero()) {
      throw new IllegalArgumentException("retryAfter must be positive, but is " + retryAfter);
    }
  }

  /** Good for a server with half a gibibyte of heap and more. */
  public static CollectorOptions defaults() {
    return new CollectorOptions(
        32 * MIB,
        64 * MIB,
        250,
        MIB,
        100_000,
        64,
        100,
        256L * MIB,
        Duration.ofSeconds(1),
        32,
        MIB,
        "fsync");
  }

  public CollectorOptions withMaxBodyBytes(int bytes) {
    return new CollectorOptions(
        bytes,
        maxInflatedBytes,
        maxInflationRatio,
        maxEventBytes,
        maxEvents,
        maxDepth,
        maxFaults,
        maxInFlightBytes,
        retryAfter,
        pooledRequests,
        pooledBytes,
        durability);
  }

  public CollectorOptions withMaxInflatedBytes(int bytes) {
    return new CollectorOptions(
        maxBodyBytes,
        bytes,
        maxInflationRatio,
        maxEventBytes,
        maxEvents,
        maxDepth,
        maxFaults,
        maxInFlightBytes,
        retryAfter,
        pooledRequests,
        pooledBytes,
        durability);
  }

  public CollectorOptions withMaxEventBytes(int bytes) {
    return new CollectorOptions(
        maxBodyBytes,
        maxInflatedBytes,
        maxInflationRatio,
        bytes,
        maxEvents,
        maxDepth,
        maxFaults,
        maxInFlightBytes,
        retryAfter,
        pooledRequests,
        pooledBytes,
        durability);
  }

  public CollectorOptions withMaxEvents(int events) {
    return new CollectorOptions(
        maxBodyBytes,
        maxInflatedBytes,
        maxInflationRatio,
        maxEventBytes,
        events,
        maxDepth,
        maxFaults,
        maxInFlightBytes,
        retryAfter,
        pooledRequests,
        pooledBytes,
        durability);
  }

  public CollectorOptions withMaxInFlightBytes(long bytes) {
    return new CollectorOptions(
        maxBodyBytes,
        maxInflatedBytes,
        maxInflationRatio,
        maxEventBytes,
        maxEvents,
        maxDepth,
        maxFaults,
        bytes,
        retryAfter,
        pooledRequests,
        pooledBytes,
        durability);
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d, but is %d".formatted(name, least, value));
    }
  }

  private static void atMost(String name, long value, long most) {
    if (value > most) {
      throw new IllegalArgumentException(
          "%s must be at most %d, but is %d".formatted(name, most, value));
    }
  }
}
