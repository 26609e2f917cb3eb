package dev.leat.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;

/**
 * What a file looks like from outside. Two looks that differ saw different content; two that are
 * equal saw the same, unless it was young, since a clock's tick may hide a second change.
 *
 * @param size in bytes; negative if there is no file that can be read
 */
record FileStamp(long size, Instant modified) {
  private static final FileStamp NONE = new FileStamp(-1, Instant.EPOCH);
  private static final Duration YOUTH = Duration.ofSeconds(2);

  static FileStamp of(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Files.isReadable(file)
          ? new FileStamp(attributes.size(), attributes.lastModifiedTime().toInstant())
          : NONE;
    } catch (IOException notThere) {
      return NONE; // whoever reads it then says why
    }
  }

  /** Whether the content may have changed since without showing. */
  boolean isYoung(Instant now) {
    return modified.plus(YOUTH).isAfter(now);
  }
}
