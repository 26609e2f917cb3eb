package dev.leat.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * The files that make up the results of metrics at one cut: what a commit keeps.
 *
 * @param nextFile no file has this number or a higher one
 * @param files what a later one says of a bucket goes before what an earlier one says
 */
record CellManifest(long nextFile, List<Part> files) {
  private static final long MAGIC = 0x314c_4543_5441_454cL; // the letters LEATCEL1
  private static final int FIXED_BYTES = 3 * Long.BYTES + 2 * Integer.BYTES;
  private static final int PART_BYTES = 2 * Long.BYTES;

  CellManifest {
    files = List.copyOf(files);
  }

  /** A file: its number and its size. */
  record Part(long file, long bytes) {
    String name() {
      return StateFiles.cellsName(file);
    }
  }

  /** Names of all files. */
  Set<String> names() {
    return files.stream().map(Part::name).collect(Collectors.toSet());
  }

  byte[] encode() {
    int length = FIXED_BYTES + files.size() * PART_BYTES;
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(MAGIC).putLong(length).putLong(nextFile).putInt(files.size());
    for (Part part : files) {
      out.putLong(part.file()).putLong(part.bytes());
    }
    return out.putInt(crc(out.array())).array();
  }

  private static int crc(byte[] manifest) {
    CRC32C crc = new CRC32C();
    crc.update(manifest, 0, manifest.length - Integer.BYTES);
    return (int) crc.getValue();
  }

  /**
   * What {@link #encode} made; one without files if the bytes are empty.
   *
   * @throws StateDamagedException if it did not make them
   */
  static CellManifest decode(byte[] manifest) {
    if (manifest.length == 0) {
      return new CellManifest(0, List.of());
    }
    ByteBuffer in = ByteBuffer.wrap(manifest).order(ByteOrder.LITTLE_ENDIAN);
    boolean whole =
        manifest.length >= FIXED_BYTES
            && in.getLong(8) == manifest.length
            && in.getInt(manifest.length - Integer.BYTES) == crc(manifest);
    if (whole) {
      Formats.check("the list of files of metrics in a commit", in.getLong(0), MAGIC);
    }
    if (!whole || in.getLong(0) != MAGIC) {
      throw new StateDamagedException(
          "the list of files of metrics in a commit", "it has no right checksum");
    }
    in.position(2 * Long.BYTES);
    long nextFile = in.getLong();
    int count = in.getInt();
    List<Part> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add(new Part(in.getLong(), in.getLong()));
    }
    return new CellManifest(nextFile, files);
  }
}
