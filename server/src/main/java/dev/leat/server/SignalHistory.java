package dev.leat.server;

import dev.leat.event.Disk;
import dev.leat.pipeline.AlertSpec.Signal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The platform's own signals by the minute, for five weeks: a file of a fixed size, in which each
 * minute has its place and overwrites the one of five weeks before. For one thread.
 *
 * <pre>
 * long     minute since 1970
 * double*  a value for each signal, in their order; NaN for none
 * long     CRC-32C of what comes before
 * </pre>
 *
 * A record that does not check is as good as none: what is lost is a minute of experience. So
 * nothing is forced.
 */
final class SignalHistory implements AutoCloseable {
  static final int MINUTES = 5 * 7 * 24 * 60;
  private static final String DIRECTORY = "alerts";
  private static final String NAME = DIRECTORY + "/signals";
  private static final List<Signal> SIGNALS = List.of(Signal.values());
  private static final int BODY_BYTES = Long.BYTES + SIGNALS.size() * Double.BYTES;
  private static final int RECORD_BYTES = BODY_BYTES + Long.BYTES;

  private final Disk.File file;

  private SignalHistory(Disk.File file) {
    this.file = file;
  }

  static SignalHistory open(Disk disk) throws IOException {
    disk.createDirectories(DIRECTORY);
    return new SignalHistory(disk.open(NAME));
  }

  /** Keeps the values of a minute. */
  void keep(long minute, Map<Signal, Double> values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(RECORD_BYTES).putLong(minute);
    for (Signal signal : SIGNALS) {
      bytes.putDouble(values.getOrDefault(signal, Double.NaN));
    }
    bytes.putLong(checksum(bytes));
    file.write(bytes.flip(), Math.floorMod(minute, (long) MINUTES) * RECORD_BYTES);
  }

  /**
   * The values of a signal.
   *
   * @param before the minutes before it
   * @return by minute, the oldest first; NaN where there is none. The last element is the minute
   *     before the given one.
   */
  double[] values(Signal signal, long before) throws IOException {
    double[] values = new double[MINUTES];
    Arrays.fill(values, Double.NaN);
    ByteBuffer all = ByteBuffer.allocate(MINUTES * RECORD_BYTES);
    file.read(all, 0);
    int records = all.position() / RECORD_BYTES;
    for (int i = 0; i < records; i++) {
      ByteBuffer one = all.slice(i * RECORD_BYTES, RECORD_BYTES);
      long minute = one.getLong(0);
      long ago = before - minute;
      one.position(BODY_BYTES);
      if (ago >= 1 && ago <= MINUTES && checksum(one) == one.getLong(BODY_BYTES)) {
        values[(int) (MINUTES - ago)] =
            one.getDouble(Long.BYTES + SIGNALS.indexOf(signal) * Double.BYTES);
      }
    }
    return values;
  }

  /** Of what stands before the position. */
  private static long checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().flip());
    return crc.getValue();
  }

  /** All signals with no value. */
  static Map<Signal, Double> nothing() {
    return new EnumMap<>(Signal.class);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
