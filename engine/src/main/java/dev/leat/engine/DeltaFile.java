package dev.leat.engine;

import dev.leat.event.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The file of one cut: what the state learned since the cut before, section after section.
 *
 * <pre>
 *   header:   magic, the letters L T S D  (u4) | version, 1 (u4) | cut (u8) | sections (u4)
 *   section:  window in microseconds, 0 for entities (u8) | bucket (u8) | entries (u4) | entries
 *   entry:    fingerprint (u8, u8) | position (u8) | version (u8), in sections of entities only
 *   trailer:  CRC32C of everything before it (u4)
 * </pre>
 *
 * All numbers are little-endian. Entries are in the order in which they came.
 */
final class DeltaFile {
  private static final int MAGIC = 'L' | 'T' << 8 | 'S' << 16 | 'D' << 24;
  private static final int VERSION = 1;
  private static final int BUFFER_BYTES = 1 << 18;
  private static final int LARGEST_PIECE = 4 * Long.BYTES;

  private final Disk.File file;
  private final String name;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();
  private long at;

  private DeltaFile(Disk.File file, String name) {
    this.file = file;
    this.name = name;
  }

  /** Writes the file and makes it durable, its name excepted; returns its size. */
  static long write(Disk disk, String name, StateCut cut) throws IOException {
    try (Disk.File file = disk.open(name)) {
      file.truncate(0);
      return new DeltaFile(file, name).write(cut);
    }
  }

  private long write(StateCut cut) throws IOException {
    buffer.putInt(MAGIC).putInt(VERSION).putLong(cut.number()).putInt(cut.sections().size());
    for (StateCut.Section section : cut.sections()) {
      Additions additions = section.additions();
      flushIfFull();
      buffer.putLong(section.windowMicros()).putLong(section.bucket()).putInt(additions.size());
      for (int i = 0; i < additions.size(); i++) {
        flushIfFull();
        buffer.putLong(additions.high(i)).putLong(additions.low(i)).putLong(additions.position(i));
        if (section.versioned()) {
          buffer.putLong(additions.version(i));
        }
      }
    }
    flush();
    buffer.putInt((int) crc.getValue());
    flush();
    file.force();
    return at;
  }

  private void flushIfFull() throws IOException {
    if (buffer.remaining() < LARGEST_PIECE) {
      flush();
    }
  }

  private void flush() throws IOException {
    crc.update(buffer.flip());
    file.write(buffer.rewind(), at);
    at += buffer.limit();
    buffer.clear();
  }

  /** Reads a file that a commit names, which must be whole. */
  static StateCut read(Disk disk, StateManifest.DeltaPart delta) throws IOException {
    String name = StateFiles.deltaName(delta.file());
    try (Disk.File file = disk.open(name)) {
      if (file.size() != delta.bytes()) {
        throw new StateDamagedException(
            name, "it has %d bytes instead of %d".formatted(file.size(), delta.bytes()));
      }
      DeltaFile reader = new DeltaFile(file, name);
      reader.check(delta.bytes());
      return reader.read(delta);
    }
  }

  private void check(long bytes) throws IOException {
    long end = bytes - Integer.BYTES;
    while (at < end) {
      fill(Math.min(BUFFER_BYTES, end - at));
      crc.update(buffer);
    }
    fill(Integer.BYTES);
    if (buffer.getInt(0) != (int) crc.getValue()) {
      throw new StateDamagedException(name, "it has a wrong checksum");
    }
    at = 0;
    buffer.limit(0);
  }

  private StateCut read(StateManifest.DeltaPart delta) throws IOException {
    need(5 * Integer.BYTES);
    if (buffer.getInt() != MAGIC) {
      throw new StateDamagedException(name, "it is no delta file");
    }
    int version = buffer.getInt();
    if (version != VERSION) {
      throw new OtherFormatException(name, version, VERSION);
    }
    if (buffer.getLong() != delta.cut()) {
      throw new StateDamagedException(name, "it belongs to another cut than " + delta.cut());
    }
    int count = buffer.getInt();
    List<StateCut.Section> sections = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sections.add(section());
    }
    return new StateCut(delta.cut(), 0, sections);
  }

  private StateCut.Section section() throws IOException {
    need(2 * Long.BYTES + Integer.BYTES);
    StateCut.Section section =
        new StateCut.Section(buffer.getLong(), buffer.getLong(), new Additions());
    int entries = buffer.getInt();
    for (int i = 0; i < entries; i++) {
      need(section.versioned() ? LARGEST_PIECE : 3 * Long.BYTES);
      section
          .additions()
          .add(
              buffer.getLong(),
              buffer.getLong(),
              buffer.getLong(),
              section.versioned() ? buffer.getLong() : 0);
    }
    return section;
  }

  /** Has so many bytes in the buffer. */
  private void need(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      at -= buffer.remaining();
      fill(Math.min(BUFFER_BYTES, file.size() - at));
      if (buffer.remaining() < bytes) {
        throw new StateDamagedException(name, "it ends too early");
      }
    }
  }

  private void fill(long bytes) throws IOException {
    buffer.clear().limit((int) bytes);
    at += file.read(buffer, at);
    buffer.flip();
  }
}
