package dev.leat.alert;

/** On which side of what is expected a value is worth an alert. */
public enum Direction {
  UP,
  DOWN,
  BOTH;

  /** Whether a deviation counts; it is above what is expected if it is positive. */
  boolean covers(double deviation) {
    return switch (this) {
      case UP -> deviation > 0;
      case DOWN -> deviation < 0;
      case BOTH -> deviation != 0;
    };
  }
}
