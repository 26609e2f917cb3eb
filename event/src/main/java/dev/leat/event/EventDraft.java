package dev.leat.event;

/**
 * What a front door knows of one event before it is written into a batch. Reused from event to
 * event by one thread; the slices point into the request and are copied by {@link
 * EventBatch.Writer#add}.
 */
public final class EventDraft {
  public final Slice id = new Slice();
  public final Slice source = new Slice();
  public final Slice type = new Slice();
  public final Slice subject = new Slice();
  public final Slice partitionKey = new Slice();

  /** A JSON object of all attributes that have no field here, or absent. */
  public final Slice attributes = new Slice();

  public final Slice data = new Slice();
  public DataFormat dataFormat = DataFormat.NONE;

  /** {@link EventLayout#KIND_EVENT} or {@link EventLayout#KIND_CONTROL}. */
  public int kind = EventLayout.KIND_EVENT;

  public long timeMicros;
  public long receivedMicros;

  /** How many events this one stands for, itself included; at least 1. */
  public int sampledRate = 1;

  /** Forgets everything, for the next event. */
  public void clear() {
    id.clear();
    source.clear();
    type.clear();
    subject.clear();
    partitionKey.clear();
    attributes.clear();
    data.clear();
    dataFormat = DataFormat.NONE;
    kind = EventLayout.KIND_EVENT;
    timeMicros = 0;
    receivedMicros = 0;
    sampledRate = 1;
  }
}
