package dev.leat.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;

/**
 * One HTTP/1.1 connection that posts batches and reads just enough of the answers, so that a load
 * generator costs little. Not a general client: it expects answers with a Content-Length. For one
 * thread.
 */
public final class WireConnection implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int READ_MILLIS = 60_000;
  private static final int MAX_HEAD_BYTES = 16 << 10;
  private static final String LENGTH = "\r\ncontent-length:";
  private static final String RETRY = "\r\nretry-after:";

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] head;
  private final byte[] answer = new byte[64 << 10];
  private byte[] request = {};
  private int retryAfterSeconds;
  private int bodyFrom;
  private int bodyTo;

  public WireConnection(URI server) throws IOException {
    socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(READ_MILLIS);
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), CONNECT_MILLIS);
    in = socket.getInputStream();
    out = socket.getOutputStream();
    head =
        "POST /v1/events HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: application/x-ndjson\r\nContent-Length: "
            .formatted(server.getHost(), server.getPort())
            .getBytes(US_ASCII);
  }

  /** Posts a batch and returns the status of the answer. */
  public int post(byte[] body, int length) throws IOException {
    byte[] size = Integer.toString(length).getBytes(US_ASCII);
    int total = head.length + size.length + 4 + length;
    if (request.length < total) {
      request = new byte[total * 5 / 4];
    }
    // In one write, since two would be two packets and two system calls.
    System.arraycopy(head, 0, request, 0, head.length);
    int at = head.length;
    System.arraycopy(size, 0, request, at, size.length);
    at += size.length;
    request[at++] = '\r';
    request[at++] = '\n';
    request[at++] = '\r';
    request[at++] = '\n';
    System.arraycopy(body, 0, request, at, length);
    out.write(request, 0, total);
    return readAnswer();
  }

  /** What the last answer asked to wait; 0 if it did not. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** The beginning of the last answer's body. */
  public String body() {
    return new String(answer, bodyFrom, bodyTo - bodyFrom, US_ASCII);
  }

  private int readAnswer() throws IOException {
    int filled = 0;
    int headEnd = -1;
    while (headEnd < 0) {
      if (filled >= MAX_HEAD_BYTES) {
        throw new IOException("the head of an answer is larger than " + MAX_HEAD_BYTES);
      }
      filled += read(filled);
      headEnd = headEnd(filled);
    }
    String text = new String(answer, 0, headEnd, US_ASCII).toLowerCase(Locale.ROOT);
    retryAfterSeconds = number(text, RETRY);
    int length = number(text, LENGTH);
    bodyFrom = headEnd + 4;
    bodyTo = Math.min(bodyFrom + length, answer.length);
    while (filled < bodyTo) {
      filled += read(filled);
    }
    skip((long) bodyFrom + length - filled);
    return Integer.parseInt(text.substring(9, 12));
  }

  private int read(int at) throws IOException {
    int read = in.read(answer, at, answer.length - at);
    if (read < 0) {
      throw new EOFException("the server closed the connection");
    }
    return read;
  }

  private void skip(long bytes) throws IOException {
    if (bytes > 0) {
      in.skipNBytes(bytes);
    }
  }

  private int headEnd(int filled) {
    for (int i = 0; i + 3 < filled; i++) {
      if (answer[i] == '\r'
          && answer[i + 1] == '\n'
          && answer[i + 2] == '\r'
          && answer[i + 3] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private static int number(String head, String name) {
    int at = head.indexOf(name);
    if (at < 0) {
      return 0;
    }
    int from = at + name.length();
    int to = head.indexOf('\r', from);
    return Integer.parseInt(head.substring(from, to < 0 ? head.length() : to).strip());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
