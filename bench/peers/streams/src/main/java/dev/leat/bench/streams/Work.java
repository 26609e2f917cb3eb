package dev.leat.bench.streams;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Reads an order, holds it against the rules, looks for copies, and adds it up. */
final class Work implements Processor<byte[], byte[], String, String> {
  private static final Duration TELL_EVERY = Duration.ofMillis(100);
  private static final long PANE_MILLIS = 10_000;
  private static final byte[] YES = {1};

  private final JsonFactory factory = new JsonFactory();

  /** Cells that have changed since they were last told. */
  private final Map<String, long[]> changed = new HashMap<>();

  private @Nullable ProcessorContext<String, String> context;
  private @Nullable KeyValueStore<byte[], byte[]> seen;
  private @Nullable KeyValueStore<String, byte[]> sales;

  @Override
  public void init(ProcessorContext<String, String> given) {
    context = given;
    seen = given.getStateStore(Shop.SEEN);
    sales = given.getStateStore(Shop.SALES);
    given.schedule(TELL_EVERY, PunctuationType.WALL_CLOCK_TIME, _ -> tell());
  }

  @Override
  public void process(Record<byte[], byte[]> event) {
    if (seen == null || sales == null) {
      throw new IllegalStateException("not begun");
    }
    Order order = read(event.value());
    if (order.items < 1 || !(order.amount > 0)) {
      forward("refused", "r,rules");
    } else if (seen.get(event.key()) != null) {
      forward("duplicate", "d");
    } else {
      seen.put(event.key(), YES);
      long pane = Math.floorDiv(order.millis, PANE_MILLIS) * PANE_MILLIS;
      String cell = "w1," + pane + ',' + (pane + PANE_MILLIS) + ',' + order.country;
      long[] sums = changed.computeIfAbsent(cell, this::known);
      sums[0]++;
      sums[1] += Math.round(order.amount * 100);
      // At once, since offsets may be committed before the next telling; the store's cache makes it
      // cheap.
      sales.put(cell, bytes(sums));
    }
  }

  private long[] known(String cell) {
    byte[] sums = sales == null ? null : sales.get(cell);
    if (sums == null) {
      return new long[2];
    }
    ByteBuffer buffer = ByteBuffer.wrap(sums);
    return new long[] {buffer.getLong(), buffer.getLong()};
  }

  private static byte[] bytes(long[] sums) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(sums[0]).putLong(sums[1]).array();
  }

  /** Tells what has changed. */
  private void tell() {
    if (context == null) {
      throw new IllegalStateException("not begun");
    }
    String part = "@" + context.taskId().partition();
    for (Map.Entry<String, long[]> cell : changed.entrySet()) {
      String sums = cell.getValue()[0] + "," + cell.getValue()[1];
      forward(cell.getKey(), cell.getKey() + part + ",(" + sums + ")");
    }
    changed.clear();
  }

  private void forward(String key, String line) {
    if (context == null) {
      throw new IllegalStateException("not begun");
    }
    context.forward(new Record<>(key, line, context.currentSystemTimeMs()));
  }

  /** What of an order is needed here; the amount is no number if it was none. */
  private static final class Order {
    private long millis;
    private long items;
    private double amount = Double.NaN;
    private String country = "";
  }

  private Order read(byte[] event) {
    Order order = new Order();
    try (JsonParser json = factory.createParser(event)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          JsonToken value = json.nextToken();
          switch (name) {
            case "time" -> order.millis = Instant.parse(json.getText()).toEpochMilli();
            case "country" -> order.country = json.getText();
            case "items" -> order.items = json.getLongValue();
            case "amount" -> order.amount = value.isNumeric() ? json.getDoubleValue() : Double.NaN;
            default -> {}
          }
        }
      }
    } catch (IOException malformed) {
      throw new UncheckedIOException("an order that is no JSON", malformed);
    }
    return order;
  }
}
