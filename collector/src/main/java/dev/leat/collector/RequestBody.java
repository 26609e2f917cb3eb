package dev.leat.collector;

import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of an HTTP request, opened when it is first read: that is what tells a sender that waits
 * with {@code Expect: 100-continue} to go on, so a request that is refused for its headers is never
 * sent. For one thread.
 */
final class RequestBody extends InputStream {
  /** As much of a refused body is read; a larger one ends with the connection. */
  private static final int MAX_DISCARDED_BYTES = 1 << 20;

  private final ServerRequest request;
  private @Nullable InputStream opened;

  /** Reading failed, so where the body ends is not known. */
  private boolean broken;

  RequestBody(ServerRequest request) {
    this.request = request;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    boolean whole = false;
    try {
      int count = stream().read(into, from, length);
      whole = true;
      return count;
    } finally {
      broken |= !whole;
    }
  }

  /**
   * Reads what little may be left of an announced body, so that the connection can go on; whether
   * all is read.
   */
  boolean isFinished() {
    if (!request.content().hasEntity() || request.content().consumed()) {
      return true;
    }
    long announced = request.headers().contentLength().orElse(Long.MAX_VALUE);
    return announced <= MAX_DISCARDED_BYTES && !isAwaited() && discard();
  }

  /**
   * Reads on for a while after the answer: a connection closed on a sender in mid-sentence is
   * reset, and the reset may overtake the answer.
   */
  void linger() {
    if (!isAwaited() && !request.content().consumed()) {
      discard();
    }
  }

  /** Whether the sender waits to be told to go on; then nothing is on its way. */
  private boolean isAwaited() {
    return opened == null && request.headers().containsToken(HeaderValues.EXPECT_100);
  }

  private boolean discard() {
    try {
      return !broken && skip(MAX_DISCARDED_BYTES) < MAX_DISCARDED_BYTES;
    } catch (IOException | RuntimeException failed) {
      // Whatever is wrong with the rest, the answer is to close the connection over it.
      return false;
    }
  }

  private InputStream stream() {
    if (opened == null) {
      opened =
          request.content().hasEntity()
              ? request.content().inputStream()
              : InputStream.nullInputStream();
    }
    return opened;
  }
}
