package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A short text that stands for a file's content: its name, its size and a sample of its bytes. The
 * ids of events without one are made of it and the row's number, so that sending a file twice sends
 * the same events.
 */
final class FileIdentity {
  private static final int SAMPLE_BYTES = 64 << 10;
  private static final int ID_BYTES = 8;

  private FileIdentity() {}

  static String of(Path file) throws IOException {
    MessageDigest digest = digest();
    digest.update(String.valueOf(file.getFileName()).getBytes(UTF_8));
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, size));
      sample(channel, 0, digest);
      sample(channel, size / 2, digest);
      sample(channel, Math.max(0, size - SAMPLE_BYTES), digest);
    }
    return HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
  }

  private static void sample(FileChannel channel, long at, MessageDigest digest)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SAMPLE_BYTES);
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) > 0) {}
    digest.update(bytes.flip());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
