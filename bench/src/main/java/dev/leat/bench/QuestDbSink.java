package dev.leat.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.questdb.client.Sender;
import java.math.BigDecimal;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends typed rows; many requests at once unless each is to be kept soon. For one thread. */
final class QuestDbSink implements Sink {
  private static final int FLUSH_ROWS = 75_000;
  private static final int ID_LENGTH = 36;

  /** Texts that are no symbols. */
  private static final Set<String> LONG_TEXTS = Set.of("note");

  private final Sender sender;
  private final boolean paced;
  private final RowCounts counts;
  private final List<Ack> waiting = new ArrayList<>();
  private int rows;

  QuestDbSink(Sender sender, boolean paced, RowCounts counts) {
    this.sender = sender;
    this.paced = paced;
    this.counts = counts;
  }

  @Override
  public void send(Chunk chunk, Ack ack) {
    int stored = 0;
    for (int event = 0; event < chunk.events(); event++) {
      OrderFields order = chunk.order(event);
      if (!order.breaksSchema()) { // a column of numbers takes no text
        row(chunk, event, order);
        rows++;
        stored += chunk.repeats[event] ? 0 : 1;
      }
    }
    counts.add(chunk.events(), stored);
    waiting.add(ack);
    if (paced || rows >= FLUSH_ROWS) {
      flush();
    }
  }

  private void row(Chunk chunk, int event, OrderFields order) {
    sender.table("orders").symbol("source", order.source());
    for (Map.Entry<String, @Nullable Object> field : order.all().entrySet()) {
      if (field.getValue() instanceof String text && !LONG_TEXTS.contains(field.getKey())) {
        sender.symbol(field.getKey(), text);
      }
    }
    sender.stringColumn("id", new String(chunk.bytes, chunk.ids[event], ID_LENGTH, US_ASCII));
    sender.stringColumn("subject", order.subject());
    for (Map.Entry<String, @Nullable Object> field : order.all().entrySet()) {
      switch (field.getValue()) {
        case Long whole -> sender.longColumn(field.getKey(), whole);
        case BigDecimal number -> sender.doubleColumn(field.getKey(), number.doubleValue());
        case Boolean truth -> sender.boolColumn(field.getKey(), truth);
        case null, default -> {}
      }
    }
    sender.at(chunk.millis[event], ChronoUnit.MILLIS);
  }

  private void flush() {
    sender.flush();
    waiting.forEach(Ack::kept);
    waiting.clear();
    rows = 0;
  }

  @Override
  public void close() {
    flush();
    sender.close();
  }
}
