package dev.leat.bench;

import dev.leat.server.ShopStamps;

/**
 * The shop of the reference workload. One event in a hundred repeats one of the last 100,000, byte
 * for byte; times run with the number of the event at a nominal rate, up to 2 s back, and one in
 * two hundred is 30 to 90 s late. Immutable, but for a thread's own stamps.
 */
final class ShopStream implements EventStream {
  static final long SEED = 20261123;

  private static final int REPEATED_PER_1000 = 10;
  private static final int LATE_PER_1000 = 5;
  private static final int REACH = 100_000;
  private static final int JITTER_MILLIS = 2_000;
  private static final int LATE_FROM_MILLIS = 30_000;
  private static final int LATE_SPREAD_MILLIS = 60_000;

  /** Slots are used in order for so long, so that the generator reads memory in order. */
  private static final int RUN = 500;

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final OrderSlots slots;
  private final int batch;
  private final long baseMillis;
  private final double nominalRate;
  private final ThreadLocal<ShopStamps> stamps = ThreadLocal.withInitial(ShopStamps::new);

  /**
   * @param baseMillis the time of the first event
   * @param nominalRate events a second by their own time
   */
  ShopStream(OrderSlots slots, int batch, long baseMillis, double nominalRate) {
    this.slots = slots;
    this.batch = batch;
    this.baseMillis = baseMillis;
    this.nominalRate = nominalRate;
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public Chunk chunk() {
    return new Chunk(batch, slots.longestBytes());
  }

  @Override
  public boolean isFinite() {
    return false;
  }

  @Override
  public double eventBytes() {
    return slots.meanBytes();
  }

  OrderSlots slots() {
    return slots;
  }

  @Override
  public boolean write(long request, Chunk into) {
    ShopStamps own = stamps.get();
    long first = request * batch;
    int length = 0;
    for (int i = 0; i < batch; i++) {
      long event = original(first + i);
      into.repeats[i] = event != first + i;
      OrderSlots.Slot order = slots.get(slot(event));
      into.starts[i] = length;
      into.ids[i] = length + order.idAt();
      into.orders[i] = order.fields();
      into.millis[i] = millis(event);
      System.arraycopy(order.bytes(), 0, into.bytes, length, order.bytes().length);
      long id = Mix.of(event ^ SEED);
      own.id(into.bytes, length + order.idAt(), id, Mix.of(id + GOLDEN));
      own.time(into.bytes, length + order.timeAt(), into.millis[i]);
      own.order(into.bytes, length + order.orderAt(), event);
      length += order.bytes().length;
    }
    into.starts[batch] = length;
    into.length = length;
    return true;
  }

  /** The event itself, or the one that it repeats. */
  long original(long event) {
    long at = event;
    while (repeats(at)) {
      at -= 1 + Long.remainderUnsigned(Mix.of(at * GOLDEN ^ SEED), Math.min(at, REACH));
    }
    return at;
  }

  boolean repeats(long event) {
    return event > 0 && perMille(event) < REPEATED_PER_1000;
  }

  /** The order it was copied from; not for repetitions. */
  int slot(long event) {
    long run = Mix.of(event / RUN + ~SEED) >>> 1;
    return (int) ((run + event % RUN) % slots.count());
  }

  /** Its time; not for repetitions. */
  long millis(long event) {
    long dice = dice(event);
    long back =
        perMille(event) >= 1_000 - LATE_PER_1000
            ? LATE_FROM_MILLIS + (dice & 0xFFFF) * LATE_SPREAD_MILLIS / 0xFFFF
            : (dice & 0x7FF) * JITTER_MILLIS / 0x7FF;
    return due(event) - back;
  }

  /** When it happens if nothing holds it up. */
  long due(long event) {
    return baseMillis + (long) (event * 1_000 / nominalRate);
  }

  private static int perMille(long event) {
    return (int) (((dice(event) >>> 44) * 1_000) >>> 20);
  }

  private static long dice(long event) {
    return Mix.of(event * GOLDEN + SEED);
  }
}
