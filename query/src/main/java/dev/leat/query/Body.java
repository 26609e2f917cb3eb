package dev.leat.query;

import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer whose status is not yet certain: it stays in memory until it is too large
 * for that, and only then the response begins. So a statement that fails early is answered with a
 * proper status, and one with millions of rows needs no more memory than one with a hundred.
 */
final class Body extends OutputStream {
  private static final int HELD_BYTES = 64 << 10;

  private final ServerResponse response;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private @Nullable OutputStream stream;

  Body(ServerResponse response) {
    this.response = response;
  }

  /** Whether the status has gone out. */
  boolean isStarted() {
    return stream != null;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (stream != null) {
      stream.write(bytes, from, length);
      return;
    }
    held.write(bytes, from, length);
    if (held.size() > HELD_BYTES) {
      stream = response.outputStream();
      held.writeTo(stream);
      held.reset();
    }
  }

  @Override
  public void flush() throws IOException {
    if (stream != null) {
      stream.flush();
    }
  }

  /** Sends what is still held and ends the response. */
  void finish() throws IOException {
    if (stream == null) {
      response.send(held.toByteArray());
    } else {
      stream.close();
    }
  }
}
