package dev.leat.engine;

import dev.leat.event.Replay;
import dev.leat.event.Replay.Filter;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Requests to send dead letters again, as bytes in the log and in the state. */
final class ReplayCodec {
  private static final int MAX_TEXT_BYTES = 1 << 20;

  private ReplayCodec() {}

  static void write(DataOutputStream out, Replay.Request request) throws IOException {
    Filter filter = request.filter();
    writeOptional(out, filter.stream());
    writeOptional(out, filter.stage());
    writeOptional(out, filter.reason());
    writeOptional(out, filter.rule());
    writeOptional(out, filter.pointer());
    writeOptional(out, filter.source());
    writeOptional(out, filter.id());
    writeOptional(out, filter.after());
    writeOptional(out, filter.before());
    writeOptional(out, filter.offset());
    writeOptional(out, filter.maxAttempt());
    out.writeBoolean(request.dryRun());
    writeOptional(out, request.patch());
    out.writeInt(request.perSecond());
    out.writeLong(request.limit());
  }

  static Replay.Request readRequest(DataInputStream in) throws IOException {
    Filter filter =
        new Filter(
            readOptionalText(in),
            readOptionalText(in),
            readOptionalText(in),
            readOptionalText(in),
            readOptionalText(in),
            readOptionalText(in),
            readOptionalText(in),
            readOptionalLong(in),
            readOptionalLong(in),
            readOptionalLong(in),
            readOptionalLong(in));
    return new Replay.Request(
        filter, in.readBoolean(), readOptionalText(in), in.readInt(), in.readLong());
  }

  /** Unlike {@code writeUTF}, text of any length. */
  static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static String readText(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX_TEXT_BYTES) {
      throw new IOException("a text of %d bytes".formatted(length));
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("a text ends after %d of %d bytes".formatted(bytes.length, length));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void writeOptional(DataOutputStream out, @Nullable String text)
      throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      writeText(out, text);
    }
  }

  private static void writeOptional(DataOutputStream out, @Nullable Long number)
      throws IOException {
    out.writeBoolean(number != null);
    if (number != null) {
      out.writeLong(number);
    }
  }

  private static @Nullable String readOptionalText(DataInputStream in) throws IOException {
    return in.readBoolean() ? readText(in) : null;
  }

  private static @Nullable Long readOptionalLong(DataInputStream in) throws IOException {
    return in.readBoolean() ? in.readLong() : null;
  }
}
