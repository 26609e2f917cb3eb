package dev.leat.bench;

import org.jspecify.annotations.Nullable;

/**
 * The events of one request: NDJSON, and where its lines lie. Filled again and again. For one
 * thread.
 */
final class Chunk {
  final byte[] bytes;

  /** Where each event begins; one more at the end. */
  final int[] starts;

  /** Where the id of each event is. */
  final int[] ids;

  /** What each event says; for shops only. */
  final @Nullable OrderFields[] orders;

  final long[] millis;

  /** Whether each event repeats one that came before. */
  final boolean[] repeats;

  int length;

  Chunk(int events, int maxEventBytes) {
    bytes = new byte[events * maxEventBytes];
    starts = new int[events + 1];
    ids = new int[events];
    orders = new @Nullable OrderFields[events];
    millis = new long[events];
    repeats = new boolean[events];
  }

  OrderFields order(int event) {
    OrderFields order = orders[event];
    if (order == null) {
      throw new IllegalStateException("these events are no orders");
    }
    return order;
  }

  int events() {
    return orders.length;
  }
}
