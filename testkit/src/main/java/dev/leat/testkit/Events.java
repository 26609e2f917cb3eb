package dev.leat.testkit;

import dev.leat.event.DataFormat;
import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws events from a seed. For one thread; what it returns is the caller's. */
public final class Events {
  private final RandomGenerator chance;
  private final EventDraft draft = new EventDraft();
  private long drawn;

  public Events(RandomGenerator chance) {
    this.chance = chance;
  }

  /**
   * Fills the draft with the next event, its data up to {@code dataBytes} long; the id is never
   * drawn twice.
   */
  public void draw(EventDraft into, int dataBytes) {
    into.clear();
    into.id.set("event-%d-%08x".formatted(drawn++, chance.nextInt()));
    into.source.set("/sensors/" + chance.nextInt(20));
    into.type.set(chance.nextBoolean() ? "flight.departed" : "flight.arrived");
    if (chance.nextBoolean()) {
      into.subject.set("gate-" + chance.nextInt(50));
    }
    if (chance.nextInt(4) == 0) {
      into.partitionKey.set("key-" + chance.nextInt(10));
    }
    byte[] data = new byte[chance.nextInt(dataBytes + 1)];
    chance.nextBytes(data);
    into.data.set(data);
    into.dataFormat = DataFormat.BINARY;
    into.timeMicros = 1_700_000_000_000_000L + chance.nextLong(1_000_000_000L);
    into.receivedMicros = into.timeMicros + chance.nextLong(1_000_000L);
  }

  /** A batch of its own with so many events. */
  public EventBatch batch(int events, int dataBytes) {
    EventBatch.Writer writer = new EventBatch.Writer(256);
    for (int i = 0; i < events; i++) {
      draw(draft, dataBytes);
      writer.add(draft);
    }
    return writer.batch();
  }

  /** The records of a batch, each copied. */
  public static List<byte[]> records(EventBatch batch) {
    List<byte[]> records = new ArrayList<>();
    EventCursor cursor = new EventCursor();
    cursor.reset(batch);
    while (cursor.next()) {
      int at = cursor.recordAt();
      records.add(Arrays.copyOfRange(cursor.bytes(), at, at + cursor.recordLength()));
    }
    return records;
  }
}
