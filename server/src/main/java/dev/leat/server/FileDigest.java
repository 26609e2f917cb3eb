package dev.leat.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** SHA-256 of files, in hex, read in bounded pieces; and copies that are durable when made. */
final class FileDigest {
  private static final int PIECE_BYTES = 1 << 20;

  /** A file's bytes, read or copied. */
  record Result(long bytes, String sha256) {}

  private FileDigest() {}

  static String of(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /**
   * Reads a file.
   *
   * @param progress is told of bytes as they are done
   */
  static Result of(Path file, LongConsumer progress) throws IOException {
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(from, null, progress);
    }
  }

  /** Copies a file to one that is not there yet, and forces the copy. */
  static Result copy(Path file, Path to, LongConsumer progress) throws IOException {
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel into =
            FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      Result result = read(from, into, progress);
      into.force(true);
      return result;
    }
  }

  private static Result read(FileChannel from, @Nullable FileChannel into, LongConsumer progress)
      throws IOException {
    MessageDigest digest = sha256();
    ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    long bytes = 0;
    while (from.read(piece.clear()) >= 0) {
      piece.flip();
      digest.update(piece.duplicate());
      int length = piece.remaining();
      while (into != null && piece.hasRemaining()) {
        into.write(piece);
      }
      bytes += length;
      progress.accept(length);
    }
    return new Result(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
