package dev.leat.log;

import dev.leat.event.EventBatch;
import dev.leat.event.EventLayout;

/**
 * Checks at the door that a batch holds as many records as it says: offsets are counted, so a wrong
 * count is for ever.
 */
final class Records {
  private Records() {}

  static void check(EventBatch batch) {
    int end = batch.from() + batch.length();
    int at = batch.from();
    int count = 0;
    while (at < end) {
      int left = end - at;
      int size =
          left < EventLayout.HEADER_BYTES
              ? left
              : FrameLayout.integer(batch.bytes(), at + EventLayout.LENGTH);
      if (size < EventLayout.HEADER_BYTES || size > left) {
        throw new IllegalArgumentException(
            "record %d of the batch says it has %d bytes, %d are left"
                .formatted(count, size, left));
      }
      at += size;
      count++;
    }
    if (count != batch.count() || count == 0) {
      throw new IllegalArgumentException(
          "the batch says it has %d events and holds %d; it needs at least one"
              .formatted(batch.count(), count));
    }
  }
}
