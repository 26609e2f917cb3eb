package dev.leat.engine;

import dev.leat.event.EventLog;
import java.time.Duration;

/** Whether the log can give a stretch of its events again. */
final class LogReach {
  private LogReach() {}

  /**
   * Whether no event from one offset up to another is missing: reads all of them, so that a version
   * is not gone back to for the sake of its state, and rows are lost by it.
   */
  static boolean covers(EventLog log, long from, long to) throws InterruptedException {
    if (from >= to) {
      return true;
    }
    if (log.firstOffset() > from || log.nextOffset() < to) {
      return false;
    }
    long expected = from;
    try (EventLog.Cursor cursor = log.read(from)) {
      while (expected < to) {
        EventLog.LoggedBatch batch = cursor.next(Duration.ZERO);
        if (batch == null || batch.firstOffset() > expected) {
          return false;
        }
        expected = batch.nextOffset();
      }
    }
    return true;
  }
}
