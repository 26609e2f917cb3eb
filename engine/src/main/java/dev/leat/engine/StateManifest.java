package dev.leat.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Everything that makes up the state at one cut, by the names of its files: what a commit keeps.
 *
 * @param nowMicros how far log time had come
 * @param cut the number of the cut; counts from 1
 * @param nextFile no file has this number or a higher one
 * @param buckets those that are remembered and hold anything
 * @param deltas in the order of their cuts
 */
record StateManifest(
    long key0,
    long key1,
    long nowMicros,
    long cut,
    long nextFile,
    List<BucketPart> buckets,
    List<DeltaPart> deltas) {
  private static final long MAGIC = 0x3154_5453_5441_454cL; // the letters LEATSTT1
  private static final int FIXED_BYTES = 7 * Long.BYTES;

  StateManifest {
    buckets = List.copyOf(buckets);
    deltas = List.copyOf(deltas);
  }

  /**
   * A bucket of an index.
   *
   * @param windowMicros the index: its window, or {@link StateIndex#ENTITIES}
   * @param deltasFrom what deltas of earlier cuts say of this bucket is in its runs
   * @param runs numbers of files
   */
  record BucketPart(long windowMicros, long bucket, long deltasFrom, List<Long> runs) {
    BucketPart {
      runs = List.copyOf(runs);
    }
  }

  /** A delta file: of which cut, its number and its size. */
  record DeltaPart(long cut, long file, long bytes) {}

  /** Names of all files that are part of it. */
  Set<String> files() {
    Set<String> names = new HashSet<>();
    buckets.forEach(bucket -> bucket.runs().forEach(run -> names.add(StateFiles.runName(run))));
    deltas.forEach(delta -> names.add(StateFiles.deltaName(delta.file())));
    return names;
  }

  /** The same without some files: what they said is not known any more. */
  StateManifest without(Set<String> files) {
    return new StateManifest(
        key0,
        key1,
        nowMicros,
        cut,
        nextFile,
        buckets.stream()
            .map(
                bucket ->
                    new BucketPart(
                        bucket.windowMicros(),
                        bucket.bucket(),
                        bucket.deltasFrom(),
                        bucket.runs().stream()
                            .filter(run -> !files.contains(StateFiles.runName(run)))
                            .toList()))
            .toList(),
        deltas.stream()
            .filter(delta -> !files.contains(StateFiles.deltaName(delta.file())))
            .toList());
  }

  byte[] encode() {
    int length = FIXED_BYTES + 2 * Integer.BYTES + deltas.size() * 3 * Long.BYTES + Integer.BYTES;
    for (BucketPart bucket : buckets) {
      length += 3 * Long.BYTES + Integer.BYTES + bucket.runs().size() * Long.BYTES;
    }
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(MAGIC).putLong(length).putLong(key0).putLong(key1);
    out.putLong(nowMicros).putLong(cut).putLong(nextFile);
    out.putInt(buckets.size()).putInt(deltas.size());
    for (BucketPart bucket : buckets) {
      out.putLong(bucket.windowMicros()).putLong(bucket.bucket()).putLong(bucket.deltasFrom());
      out.putInt(bucket.runs().size());
      bucket.runs().forEach(out::putLong);
    }
    for (DeltaPart delta : deltas) {
      out.putLong(delta.cut()).putLong(delta.file()).putLong(delta.bytes());
    }
    return out.putInt(crc(out.array())).array();
  }

  private static int crc(byte[] manifest) {
    CRC32C crc = new CRC32C();
    crc.update(manifest, 0, manifest.length - Integer.BYTES);
    return (int) crc.getValue();
  }

  /**
   * What {@link #encode} made.
   *
   * @throws StateDamagedException if it did not
   */
  static StateManifest decode(byte[] manifest) {
    ByteBuffer in = ByteBuffer.wrap(manifest).order(ByteOrder.LITTLE_ENDIAN);
    boolean whole =
        manifest.length >= FIXED_BYTES + 3 * Integer.BYTES
            && in.getLong(8) == manifest.length
            && in.getInt(manifest.length - Integer.BYTES) == crc(manifest);
    if (whole) {
      Formats.check("the list of files of the state in a commit", in.getLong(0), MAGIC);
    }
    if (!whole || in.getLong(0) != MAGIC) {
      throw new StateDamagedException(
          "the list of files of the state in a commit", "it has no right checksum");
    }
    in.position(2 * Long.BYTES);
    long key0 = in.getLong();
    long key1 = in.getLong();
    long nowMicros = in.getLong();
    long cut = in.getLong();
    long nextFile = in.getLong();
    int bucketCount = in.getInt();
    int deltaCount = in.getInt();
    List<BucketPart> buckets = new ArrayList<>();
    for (int i = 0; i < bucketCount; i++) {
      buckets.add(bucket(in));
    }
    List<DeltaPart> deltas = new ArrayList<>();
    for (int i = 0; i < deltaCount; i++) {
      deltas.add(new DeltaPart(in.getLong(), in.getLong(), in.getLong()));
    }
    return new StateManifest(key0, key1, nowMicros, cut, nextFile, buckets, deltas);
  }

  private static BucketPart bucket(ByteBuffer in) {
    long windowMicros = in.getLong();
    long bucket = in.getLong();
    long deltasFrom = in.getLong();
    int count = in.getInt();
    List<Long> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      runs.add(in.getLong());
    }
    return new BucketPart(windowMicros, bucket, deltasFrom, runs);
  }
}
