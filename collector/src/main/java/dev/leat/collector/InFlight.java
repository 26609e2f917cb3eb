package dev.leat.collector;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all requests together may hold. Any number of threads; a lease belongs to one
 * request.
 */
final class InFlight {
  private static final long STEP = 1 << 16;

  private final long maxBytes;
  private final AtomicLong held = new AtomicLong();

  InFlight(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  long heldBytes() {
    return held.get();
  }

  Lease lease() {
    return new Lease();
  }

  /** One request's share. It grows with what has arrived, not with what was announced. */
  final class Lease implements AutoCloseable {
    private long mine;

    /** Makes the share at least this large; false if there is no room for it. */
    boolean cover(long bytes) {
      if (bytes <= mine) {
        return true;
      }
      long more = Math.ceilDiv(bytes - mine, STEP) * STEP;
      if (held.addAndGet(more) > maxBytes) {
        held.addAndGet(-more);
        return false;
      }
      mine += more;
      return true;
    }

    @Override
    public void close() {
      held.addAndGet(-mine);
      mine = 0;
    }
  }
}
