package dev.leat.server;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Room on a disk, in bytes: a figure for people and alerts. The log itself notices a full disk.
 *
 * @param total its size
 * @param free what this process may still use of it
 */
record DiskSpace(long total, long free) {
  /** Of the disk that a file lies on; null where the system does not tell. */
  static @Nullable DiskSpace of(Path file) {
    try {
      FileStore disk = Files.getFileStore(file);
      return new DiskSpace(disk.getTotalSpace(), disk.getUsableSpace());
    } catch (IOException unknown) {
      return null;
    }
  }
}
