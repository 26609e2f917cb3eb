package dev.leat.query;

import java.time.Duration;

/**
 * What one request may ask for. A request that asks for more than a maximum is refused, not cut.
 *
 * @param defaultTime how long a statement may run if the request does not say
 * @param patience how long a request waits for {@code Leat-After} to become visible
 */
public record QueryLimits(
    Duration defaultTime,
    Duration maximumTime,
    long defaultRows,
    long maximumRows,
    int maximumBodyBytes,
    Duration patience) {
  public QueryLimits {
    if (defaultTime.compareTo(maximumTime) > 0) {
      throw new IllegalArgumentException(
          "default time %s exceeds the maximum %s".formatted(defaultTime, maximumTime));
    }
    if (defaultRows > maximumRows) {
      throw new IllegalArgumentException(
          "default rows %d exceed the maximum %d".formatted(defaultRows, maximumRows));
    }
  }

  public static QueryLimits defaults() {
    return new QueryLimits(
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        10_000,
        10_000_000,
        1 << 20,
        Duration.ofSeconds(10));
  }
}
