package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.Arrays;

/** What an event is called after the file it comes from, if nobody says otherwise. */
final class FileNames {
  private FileNames() {}

  /** The members {@code source} and {@code type} as JSON, each with a comma before it. */
  static byte[] constants(Wrapping wrapping, Path file) {
    Batch scratch = new Batch();
    scratch.putAscii(",\"source\":").putText(source(wrapping, file));
    scratch.putAscii(",\"type\":").putText(type(wrapping, file));
    return Arrays.copyOf(scratch.bytes(), scratch.length());
  }

  static String source(Wrapping wrapping, Path file) {
    return wrapping.source() != null
        ? wrapping.source()
        : "/files/" + URLEncoder.encode(name(file), UTF_8).replace("+", "%20");
  }

  static String type(Wrapping wrapping, Path file) {
    return wrapping.type() != null
        ? wrapping.type()
        : name(file).replaceFirst("\\..*", "") + ".row";
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
