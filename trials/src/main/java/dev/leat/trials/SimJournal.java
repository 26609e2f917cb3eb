package dev.leat.trials;

import dev.leat.event.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Records that become durable one after the other, with the discipline of the real store's
 * catalogue: appended and forced, each under a checksum; after a failure the whole file is written
 * anew beside the old one, forced, and renamed over it. For one thread at a time.
 */
final class SimJournal {
  private static final String DIRECTORY = "store";
  private static final String NAME = DIRECTORY + "/journal";
  private static final String TEMPORARY = DIRECTORY + "/journal.tmp";
  private static final int HEADER_BYTES = 8;

  private final Disk disk;
  private final List<byte[]> records = new ArrayList<>();
  private Disk.@Nullable File file;
  private long end;

  SimJournal(Disk disk) throws IOException {
    this.disk = disk;
    disk.createDirectories(DIRECTORY);
    disk.delete(TEMPORARY);
    if (!disk.exists(NAME)) {
      rewrite();
      return;
    }
    Disk.File found = disk.open(NAME);
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(found.size()));
    int length = found.read(bytes, 0);
    bytes.flip();
    while (next(bytes)) {
      end = bytes.position();
    }
    if (end < length) {
      found.truncate(end);
    }
    // What a process that died left may be in the system's memory only, and counts from now on.
    bytes.rewind().limit(Math.toIntExact(end));
    found.write(bytes, 0);
    found.force();
    disk.forceDirectory(DIRECTORY);
    file = found;
  }

  private boolean next(ByteBuffer bytes) {
    if (bytes.remaining() < HEADER_BYTES) {
      return false;
    }
    int length = bytes.getInt();
    int checksum = bytes.getInt();
    if (length <= 0 || length > bytes.remaining()) {
      return false;
    }
    byte[] record = new byte[length];
    bytes.get(record);
    if (checksum(record) != checksum) {
      return false;
    }
    records.add(record);
    return true;
  }

  /** All that are durable, the oldest first. */
  List<byte[]> records() {
    return List.copyOf(records);
  }

  /** Makes a record durable. After an exception it may or may not be. */
  void append(byte[] record) throws IOException {
    Disk.File open = file;
    if (open == null) {
      records.add(record);
      try {
        rewrite();
      } catch (IOException failed) {
        records.removeLast();
        throw failed;
      }
      return;
    }
    ByteBuffer framed = framed(record);
    long bytes = framed.remaining();
    try {
      open.write(framed, end);
      open.force();
    } catch (IOException failed) {
      file = null;
      throw failed;
    }
    end += bytes;
    records.add(record);
  }

  private void rewrite() throws IOException {
    disk.delete(TEMPORARY);
    Disk.File fresh = disk.open(TEMPORARY);
    long at = 0;
    for (byte[] record : records) {
      ByteBuffer framed = framed(record);
      int bytes = framed.remaining();
      fresh.write(framed, at);
      at += bytes;
    }
    fresh.force();
    disk.rename(TEMPORARY, NAME);
    disk.forceDirectory(DIRECTORY);
    file = fresh;
    end = at;
  }

  private static ByteBuffer framed(byte[] record) {
    return ByteBuffer.allocate(HEADER_BYTES + record.length)
        .putInt(record.length)
        .putInt(checksum(record))
        .put(record)
        .flip();
  }

  private static int checksum(byte[] record) {
    CRC32C checksum = new CRC32C();
    checksum.update(record);
    return (int) checksum.getValue();
  }
}
