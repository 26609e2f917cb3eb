package dev.leat.event;

import static dev.leat.event.EventLayout.ABSENT;
import static dev.leat.event.EventLayout.integer;
import static dev.leat.event.EventLayout.longInteger;
import static dev.leat.event.EventLayout.unsignedShort;

/**
 * Walks over the events of a buffer without copying or allocating. For one thread.
 *
 * <pre>{@code
 * cursor.reset(batch);
 * while (cursor.next()) {
 *   long time = cursor.timeMicros();
 * }
 * }</pre>
 */
public final class EventCursor {
  private byte[] bytes = {};
  private int end;
  private int next;
  private int at;
  private int sourceAt;
  private int typeAt;
  private int subjectAt;
  private int keyAt;
  private int attributesAt;
  private int dataAt;

  /** Begins before the first event of the batch. */
  public void reset(EventBatch batch) {
    reset(batch.bytes(), batch.from(), batch.length());
  }

  /** Begins before the first event of {@code length} bytes at {@code from}. */
  public void reset(byte[] bytes, int from, int length) {
    this.bytes = bytes;
    this.next = from;
    this.end = from + length;
    this.at = -1;
  }

  /**
   * Moves to the next event; false when there is none.
   *
   * @throws CorruptRecordException if the lengths of the record contradict each other or the buffer
   */
  public boolean next() {
    if (next == end) {
      return false;
    }
    int start = next;
    if (end - start < EventLayout.HEADER_BYTES) {
      throw new CorruptRecordException(
          "%d bytes left at %d, too few for a record".formatted(end - start, start));
    }
    int size = integer(bytes, start + EventLayout.LENGTH);
    if (size < EventLayout.HEADER_BYTES || size > end - start) {
      throw new CorruptRecordException(
          "record at %d says it has %d bytes, %d are left".formatted(start, size, end - start));
    }
    at = start;
    next = start + size;
    sourceAt = start + EventLayout.HEADER_BYTES + idLength();
    typeAt = sourceAt + sourceLength();
    subjectAt = typeAt + typeLength();
    keyAt = subjectAt + subjectLength();
    attributesAt = keyAt + partitionKeyLength();
    dataAt = attributesAt + attributesLength();
    if (attributesLength() < 0 || dataLength() < 0 || (long) dataAt + dataLength() != next) {
      throw new CorruptRecordException(
          "lengths inside the record at %d do not add up to %d".formatted(start, size));
    }
    return true;
  }

  public byte[] bytes() {
    return bytes;
  }

  /** Where the present record begins in {@link #bytes()}. */
  public int recordAt() {
    return at;
  }

  public int recordLength() {
    return next - at;
  }

  public int kind() {
    return bytes[at + EventLayout.KIND];
  }

  public DataFormat dataFormat() {
    return DataFormat.ofCode(bytes[at + EventLayout.DATA_FORMAT]);
  }

  public int keyHash() {
    return integer(bytes, at + EventLayout.KEY_HASH);
  }

  public int sampledRate() {
    return integer(bytes, at + EventLayout.SAMPLED_RATE);
  }

  public long timeMicros() {
    return longInteger(bytes, at + EventLayout.TIME_MICROS);
  }

  public long receivedMicros() {
    return longInteger(bytes, at + EventLayout.RECEIVED_MICROS);
  }

  public int idAt() {
    return at + EventLayout.HEADER_BYTES;
  }

  public int idLength() {
    return unsignedShort(bytes, at + EventLayout.ID_LENGTH);
  }

  public int sourceAt() {
    return sourceAt;
  }

  public int sourceLength() {
    return unsignedShort(bytes, at + EventLayout.SOURCE_LENGTH);
  }

  public int typeAt() {
    return typeAt;
  }

  public int typeLength() {
    return unsignedShort(bytes, at + EventLayout.TYPE_LENGTH);
  }

  public boolean hasSubject() {
    return unsignedShort(bytes, at + EventLayout.SUBJECT_LENGTH) != ABSENT;
  }

  public int subjectAt() {
    return subjectAt;
  }

  /** Bytes of the subject; 0 if there is none. */
  public int subjectLength() {
    return present(unsignedShort(bytes, at + EventLayout.SUBJECT_LENGTH));
  }

  public boolean hasPartitionKey() {
    return unsignedShort(bytes, at + EventLayout.PARTITION_KEY_LENGTH) != ABSENT;
  }

  public int partitionKeyAt() {
    return keyAt;
  }

  /** Bytes of the partitionkey; 0 if there is none. */
  public int partitionKeyLength() {
    return present(unsignedShort(bytes, at + EventLayout.PARTITION_KEY_LENGTH));
  }

  public int attributesAt() {
    return attributesAt;
  }

  public int attributesLength() {
    return integer(bytes, at + EventLayout.ATTRIBUTES_LENGTH);
  }

  public int dataAt() {
    return dataAt;
  }

  public int dataLength() {
    return integer(bytes, at + EventLayout.DATA_LENGTH);
  }

  private static int present(int length) {
    return length == ABSENT ? 0 : length;
  }
}
