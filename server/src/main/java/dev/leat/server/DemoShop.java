package dev.leat.server;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The events of a small invented web shop: visitors who look around, some of whom fill a cart, some
 * of whom order, most of whom pay. The same seed and times give the same events. For one thread.
 */
final class DemoShop {
  private static final int OPEN_JOURNEYS = 200;
  private static final String[] PRODUCTS = {
    "teapot",
    "lantern",
    "notebook",
    "backpack",
    "kettle",
    "scarf",
    "globe",
    "umbrella",
    "clock",
    "stool"
  };
  private static final double[] PRICES = {24.9, 39.5, 6.2, 79, 45.8, 19.9, 58, 17.4, 32.6, 64};
  private static final String[] COUNTRIES = {"DE", "FR", "GB", "US", "NL", "ES", "IT", "PL"};
  private static final String[] SOURCES = {"/shop/web", "/shop/app", "/shop/store"};
  private static final String[] METHODS = {"card", "paypal", "invoice"};

  private final RandomGenerator chance;
  private final Zipf products = new Zipf(PRODUCTS.length, 0.9);
  private final Zipf countries = new Zipf(COUNTRIES.length, 1.0);
  private final Deque<Journey> journeys = new ArrayDeque<>();
  private final Rfc3339 times = new Rfc3339();
  private final String run;
  private long visitors;
  private long orders;
  private long number;

  /** Where a visitor stands. */
  private enum Step {
    LOOKS("shop.page.viewed"),
    FILLS("shop.cart.filled"),
    ORDERS("shop.order.placed"),
    PAYS("shop.payment.received"),
    FAILS("shop.payment.failed");

    private final String type;

    Step(String type) {
      this.type = type;
    }
  }

  private record Journey(
      long visitor, int source, int country, Step step, int product, int items, long order) {
    Journey at(Step next) {
      return new Journey(visitor, source, country, next, product, items, order);
    }
  }

  /**
   * @param run begins every id, so that the events of two runs differ
   */
  DemoShop(long seed, String run) {
    this.chance = new SplittableRandom(seed);
    this.run = run;
  }

  /** The next thing that happens. */
  void next(Batch into, Instant now) {
    if (journeys.size() < OPEN_JOURNEYS) {
      journeys.add(visitor());
    }
    Journey journey = journeys.remove();
    write(into, journey, now);
    Journey next = follow(journey);
    if (next != null) {
      journeys.add(next);
    }
  }

  private Journey visitor() {
    int source = chance.nextInt(20) == 0 ? 2 : chance.nextInt(3) == 0 ? 1 : 0;
    return new Journey(
        ++visitors, source, countries.next(chance), Step.LOOKS, products.next(chance), 1, 0);
  }

  /** What the visitor does next; null if that was all. */
  private @Nullable Journey follow(Journey now) {
    double dice = chance.nextDouble();
    return switch (now.step()) {
      case LOOKS ->
          dice < 0.55
              ? new Journey(
                  now.visitor(),
                  now.source(),
                  now.country(),
                  Step.LOOKS,
                  products.next(chance),
                  1,
                  0)
              : dice < 0.80
                  ? new Journey(
                      now.visitor(),
                      now.source(),
                      now.country(),
                      Step.FILLS,
                      now.product(),
                      1 + chance.nextInt(3),
                      0)
                  : null;
      case FILLS ->
          dice < 0.6
              ? new Journey(
                  now.visitor(),
                  now.source(),
                  now.country(),
                  Step.ORDERS,
                  now.product(),
                  now.items(),
                  ++orders)
              : null;
      case ORDERS -> now.at(dice < 0.95 ? Step.PAYS : Step.FAILS);
      case FAILS -> dice < 0.7 ? now.at(Step.PAYS) : null;
      case PAYS -> null;
    };
  }

  private void write(Batch out, Journey journey, Instant now) {
    out.putAscii("{\"specversion\":\"1.0\",\"id\":\"")
        .putAscii(run)
        .put((byte) '-')
        .putLong(number++);
    out.putAscii("\",\"source\":\"").putAscii(SOURCES[journey.source()]);
    out.putAscii("\",\"type\":\"").putAscii(journey.step().type);
    out.putAscii("\",\"subject\":\"visitor-").putLong(journey.visitor());
    out.putAscii("\",\"time\":");
    times.write(out, now.toEpochMilli() * 1_000);
    out.putAscii(",\"data\":{\"country\":\"").putAscii(COUNTRIES[journey.country()]);
    out.putAscii("\",\"product\":\"").putAscii(PRODUCTS[journey.product()]).put((byte) '"');
    details(out, journey);
    out.putAscii("}}").endEvent();
  }

  private void details(Batch out, Journey journey) {
    switch (journey.step()) {
      case LOOKS ->
          out.putAscii(",\"page\":\"/products/")
              .putAscii(PRODUCTS[journey.product()])
              .putAscii("\",\"millis\":")
              .putLong(20 + chance.nextInt(400));
      case FILLS -> out.putAscii(",\"items\":").putLong(journey.items());
      case ORDERS, PAYS, FAILS -> {
        long cents = Math.round(PRICES[journey.product()] * 100) * journey.items();
        out.putAscii(",\"order\":")
            .putLong(journey.order())
            .putAscii(",\"items\":")
            .putLong(journey.items())
            .putAscii(",\"amount\":")
            .putLong(cents / 100)
            .put((byte) '.')
            .putDigits(cents % 100, 2)
            .putAscii(",\"method\":\"")
            .putAscii(METHODS[(int) (journey.order() % METHODS.length)])
            .put((byte) '"');
      }
    }
  }
}
