package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.event.RowChunk;
import java.util.List;

/**
 * Reads the labels of a row as the {@link SeriesKey} of its series, into memory that the next row
 * overwrites. Text is a label as it is, but for what is behind {@link
 * SeriesWriter#MAX_LABEL_BYTES}; numbers and truth values are one as JSON spells them. For one
 * thread.
 *
 * <p>Where the only label is a whole number, that is a name of the series too, and so is zero where
 * there are no labels: most often it is enough to find what is known of the series, and the key is
 * only written if somebody asks for it.
 */
final class SeriesReader implements Series {
  private final ValueReader[] readers;
  private final Sample sample = new Sample();
  private final SeriesWriter writer = new SeriesWriter();
  private boolean hasNumber;
  private boolean isWritten;
  private long number;

  SeriesReader(List<KeyPath> labels, DataSchema schema) {
    readers = labels.stream().map(path -> ValueReader.of(path, schema)).toArray(ValueReader[]::new);
  }

  /** Reads the series of a row. */
  void read(RowChunk chunk, int row) {
    writer.clear();
    hasNumber = readers.length == 0;
    isWritten = true;
    for (ValueReader reader : readers) {
      reader.read(chunk, row, sample);
      if (readers.length == 1 && sample.kind() == Sample.Kind.LONG) {
        hasNumber = true;
        number = sample.number();
        isWritten = false;
      } else {
        writer.label(sample);
      }
    }
  }

  @Override
  public boolean hasNumber() {
    return hasNumber;
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public byte[] key() {
    if (!isWritten) {
      writer.label(sample);
      isWritten = true;
    }
    return writer.bytes();
  }

  @Override
  public int from() {
    return 0;
  }

  @Override
  public int length() {
    key();
    return writer.length();
  }
}
