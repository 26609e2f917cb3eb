package dev.leat.collector;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one request, decompressed, in one array. Every limit is looked at while bytes come
 * in, so what is refused was never held: compressed size, inflated size, their ratio, and the share
 * of all requests. For one thread.
 */
final class Body {
  private static final int INITIAL_BYTES = 1 << 14;

  /**
   * Below this even the best ratio does no harm, and short bodies of one repeated event do have
   * high ratios.
   */
  private static final int RATIO_FLOOR_BYTES = 1 << 20;

  /**
   * Windows of zstd up to 8 MiB, as RFC 9659 has it for HTTP: what a frame asks for is allocated.
   */
  private static final int MAX_WINDOW_LOG = 23;

  /**
   * Small, so that what was read is close to what was decompressed, and their ratio can be trusted.
   */
  private static final int CODED_READ_BYTES = 1 << 13;

  private final CollectorOptions options;
  private byte[] bytes = new byte[INITIAL_BYTES];
  private int length;
  private long sentBytes;

  Body(CollectorOptions options) {
    this.options = options;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Bytes as they were sent. */
  long sentBytes() {
    return sentBytes;
  }

  /** Lets go of what is too large to be kept for the next request. */
  void trim(int maxBytes) {
    if (bytes.length > maxBytes) {
      bytes = new byte[INITIAL_BYTES];
    }
  }

  /** Reads all of the stream; null if that went well. */
  @Nullable Outcome fill(InputStream stream, Submission.Coding coding, InFlight.Lease lease) {
    length = 0;
    int longestRead = coding == Submission.Coding.IDENTITY ? Integer.MAX_VALUE : CODED_READ_BYTES;
    Sent sent = new Sent(stream, options.maxBodyBytes(), longestRead);
    try (InputStream plain = open(sent, coding)) {
      return fill(plain, sent, coding, lease);
    } catch (TooMuchSent tooMuch) {
      return new Outcome.TooLarge(
          FaultCode.BODY_TOO_LARGE,
          "a body of at most " + options.maxBodyBytes() + " bytes",
          "more");
    } catch (SenderFailed failed) {
      return new Outcome.Unreadable(
          FaultCode.INCOMPLETE_BODY,
          "the body to its end",
          "a failure after " + sent.count + " bytes");
    } catch (IOException corrupt) {
      String found = Fault.printable(String.valueOf(corrupt.getMessage()));
      return new Outcome.Unreadable(FaultCode.CORRUPT_ENCODING, "a whole body in " + coding, found);
    } finally {
      sentBytes = sent.count;
    }
  }

  private @Nullable Outcome fill(
      InputStream plain, Sent sent, Submission.Coding coding, InFlight.Lease lease)
      throws IOException {
    int most =
        coding == Submission.Coding.IDENTITY ? options.maxBodyBytes() : options.maxInflatedBytes();
    while (true) {
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(2L * length, most + 1L));
      }
      int count = plain.read(bytes, length, bytes.length - length);
      if (count < 0) {
        return null;
      }
      length += count;
      if (length > most || isBomb(sent, coding)) {
        return tooMuchInflated(most);
      }
      // Twice: the batch that is made of the body is about as large, and lives at the same time.
      if (!lease.cover(2L * length)) {
        return new Outcome.Overloaded(options.retryAfter());
      }
    }
  }

  private boolean isBomb(Sent sent, Submission.Coding coding) {
    return coding != Submission.Coding.IDENTITY
        && length > RATIO_FLOOR_BYTES
        && length / options.maxInflationRatio() > sent.count;
  }

  private Outcome tooMuchInflated(int most) {
    String expected =
        "at most %d bytes after decompression, %d times what was sent"
            .formatted(most, options.maxInflationRatio());
    return new Outcome.TooLarge(FaultCode.INFLATED_TOO_LARGE, expected, "more");
  }

  private static InputStream open(InputStream sent, Submission.Coding coding) throws IOException {
    return switch (coding) {
      case IDENTITY -> sent;
      case GZIP -> new GZIPInputStream(sent, CODED_READ_BYTES);
      case ZSTD ->
          new ZstdInputStream(sent, RecyclingBufferPool.INSTANCE).setLongMax(MAX_WINDOW_LOG);
    };
  }

  /** More came than a body may have. */
  private static final class TooMuchSent extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * The transport could not deliver the body: the sender went away, fell silent or broke the
   * framing.
   */
  private static final class SenderFailed extends IOException {
    private static final long serialVersionUID = 1L;

    SenderFailed(Exception cause) {
      super(cause);
    }
  }

  /**
   * Counts what was sent. A failure of the transport leaves it as one, so that it is not taken for
   * a fault of the compression; closing it leaves the transport open.
   */
  private static final class Sent extends FilterInputStream {
    private final long most;
    private final int longestRead;
    private long count;

    Sent(InputStream in, long most, int longestRead) {
      super(in);
      this.most = most;
      this.longestRead = longestRead;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int read;
      try {
        read = in.read(into, from, Math.min(length, longestRead));
      } catch (IOException | RuntimeException failed) {
        // Servers throw both kinds when a sender goes away or breaks the framing.
        throw new SenderFailed(failed);
      }
      count += Math.max(read, 0);
      if (count > most) {
        throw new TooMuchSent();
      }
      return read;
    }

    @Override
    public int available() {
      // GZIPInputStream asks this to learn whether another member follows; only reading can tell.
      return 1;
    }

    @Override
    public void close() {}
  }
}
