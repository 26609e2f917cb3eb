package dev.leat.event;

import static dev.leat.event.EventLayout.ABSENT;
import static dev.leat.event.EventLayout.HEADER_BYTES;
import static dev.leat.event.EventLayout.putInteger;
import static dev.leat.event.EventLayout.putLong;
import static dev.leat.event.EventLayout.putShort;

import java.util.Arrays;

/**
 * Events in one contiguous buffer, laid out as {@link EventLayout} says, kept or lost together.
 *
 * <p>Whoever reads the bytes must not change them. A batch made by a {@link Writer} is a window
 * onto the writer's buffer and ends with the writer's next {@link Writer#clear}.
 */
@SuppressWarnings("ArrayRecordComponent") // A window, not a value: batches are never compared.
public record EventBatch(byte[] bytes, int from, int length, int count) {
  public EventBatch {
    if (from < 0 || length < 0 || from > bytes.length - length || count < 0) {
      throw new IllegalArgumentException(
          "%d events in %d bytes at %d do not fit an array of %d"
              .formatted(count, length, from, bytes.length));
    }
  }

  /** Writes events into one growing buffer. For one thread; reused from request to request. */
  public static final class Writer {
    private byte[] buffer;
    private int length;
    private int count;

    public Writer(int initialBytes) {
      buffer = new byte[Math.max(initialBytes, HEADER_BYTES)];
    }

    /** Copies the draft to the end of the batch; the draft may be reused at once. */
    public void add(EventDraft draft) {
      check("id", draft.id, false);
      check("source", draft.source, false);
      check("type", draft.type, false);
      check("subject", draft.subject, true);
      check("partitionkey", draft.partitionKey, true);
      if (draft.sampledRate < 1) {
        throw new IllegalArgumentException(
            "sampled rate must be at least 1, not " + draft.sampledRate);
      }
      int at = length;
      int size =
          Math.addExact(
              HEADER_BYTES
                  + draft.id.length()
                  + draft.source.length()
                  + draft.type.length()
                  + draft.subject.length()
                  + draft.partitionKey.length()
                  + draft.attributes.length(),
              draft.data.length());
      byte[] into = reserve(size);
      putInteger(into, at + EventLayout.LENGTH, size);
      into[at + EventLayout.KIND] = (byte) draft.kind;
      into[at + EventLayout.DATA_FORMAT] = (byte) draft.dataFormat.code();
      putShort(into, at + EventLayout.ID_LENGTH, draft.id.length());
      putInteger(into, at + EventLayout.SAMPLED_RATE, draft.sampledRate);
      putLong(into, at + EventLayout.TIME_MICROS, draft.timeMicros);
      putLong(into, at + EventLayout.RECEIVED_MICROS, draft.receivedMicros);
      putShort(into, at + EventLayout.SOURCE_LENGTH, draft.source.length());
      putShort(into, at + EventLayout.TYPE_LENGTH, draft.type.length());
      putShort(into, at + EventLayout.SUBJECT_LENGTH, lengthOrAbsent(draft.subject));
      putShort(into, at + EventLayout.PARTITION_KEY_LENGTH, lengthOrAbsent(draft.partitionKey));
      putInteger(into, at + EventLayout.ATTRIBUTES_LENGTH, draft.attributes.length());
      putInteger(into, at + EventLayout.DATA_LENGTH, draft.data.length());
      int end = at + HEADER_BYTES;
      int idAt = end;
      end = copy(draft.id, into, end);
      // Id and source stand side by side, so that the key of an event without one needs no copy.
      end = copy(draft.source, into, end);
      int idAndSource = end - idAt;
      end = copy(draft.type, into, end);
      int subjectAt = end;
      end = copy(draft.subject, into, end);
      int keyAt = end;
      end = copy(draft.partitionKey, into, end);
      end = copy(draft.attributes, into, end);
      end = copy(draft.data, into, end);
      int hash =
          draft.partitionKey.isPresent()
              ? KeyHash.of(into, keyAt, draft.partitionKey.length())
              : draft.subject.isPresent()
                  ? KeyHash.of(into, subjectAt, draft.subject.length())
                  : KeyHash.of(into, idAt, idAndSource);
      putInteger(into, at + EventLayout.KEY_HASH, hash);
      length = end;
      count++;
    }

    /** The events added so far, as a window that ends with the next {@link #clear}. */
    public EventBatch batch() {
      return new EventBatch(buffer, 0, length, count);
    }

    public int count() {
      return count;
    }

    /** Bytes written so far. */
    public int length() {
      return length;
    }

    /** Starts anew, keeping the buffer. */
    public void clear() {
      length = 0;
      count = 0;
    }

    private byte[] reserve(int size) {
      int needed = Math.addExact(length, size);
      if (needed > buffer.length) {
        int doubled = (int) Math.min(buffer.length * 2L, Integer.MAX_VALUE - 8);
        buffer = Arrays.copyOf(buffer, Math.max(needed, doubled));
      }
      return buffer;
    }

    private static int copy(Slice slice, byte[] into, int at) {
      System.arraycopy(slice.array(), slice.from(), into, at, slice.length());
      return at + slice.length();
    }

    private static int lengthOrAbsent(Slice slice) {
      return slice.isPresent() ? slice.length() : ABSENT;
    }

    private static void check(String name, Slice slice, boolean optional) {
      if (!optional && slice.length() == 0) {
        throw new IllegalArgumentException(name + " is empty");
      }
      if (slice.length() > EventLayout.MAX_ATTRIBUTE_BYTES) {
        throw new IllegalArgumentException(
            "%s has %d bytes, at most %d fit"
                .formatted(name, slice.length(), EventLayout.MAX_ATTRIBUTE_BYTES));
      }
    }
  }
}
