package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * A shop that is open: orders and visits, in batches, as fast as the server answers them up to a
 * rate. Some orders are broken, and some are sent twice. One thread of its own.
 */
final class ShopLoad implements AutoCloseable {
  private static final int BATCH = 200;
  private static final int PAUSE_MILLIS = 100;

  private final URI url;
  private final Thread thread;
  private final SplittableRandom chance = new SplittableRandom(20261130);
  private final ShopOrder orders = new ShopOrder(chance);
  private final DemoShop visits = new DemoShop(20261130, "visit");
  private final Batch visit = new Batch();
  private volatile boolean stopped;
  private long number;

  ShopLoad(String url) {
    this.url = URI.create(url + "/v1/events");
    thread = Thread.ofPlatform().daemon().name("shop").start(this::run);
  }

  private void run() {
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (!stopped) {
        byte[] orderLines = orders();
        send(http, orderLines);
        if (chance.nextInt(20) == 0) {
          send(http, orderLines); // A sender that did not hear the answer.
        }
        visit.reset("visit", 1);
        for (int i = 0; i < BATCH / 2; i++) {
          visits.next(visit, Instant.now());
        }
        // The visits' orders are not the shop's: they have another form.
        String visitLines = new String(visit.bytes(), 0, visit.length(), UTF_8);
        send(http, visitLines.replace("order.placed", "order.seen").getBytes(UTF_8));
        Thread.sleep(PAUSE_MILLIS); // The pace of the shop, not a wait for something.
      }
    } catch (Exception ended) {
      if (!stopped) {
        throw new IllegalStateException("the shop had to close", ended);
      }
    }
  }

  private byte[] orders() {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (int i = 0; i < BATCH; i++) {
      String order = new String(orders.next(), UTF_8);
      // Every now and then one comes late.
      long back = chance.nextInt(300) == 0 ? 20 + chance.nextInt(60) : 0;
      lines.writeBytes(
          order
              .replace(ShopOrder.BLANK_ID, "order-" + number)
              .replace(ShopOrder.BLANK_TIME, Instant.now().minusSeconds(back).toString())
              .replace(ShopOrder.BLANK_ORDER, Long.toString(number++))
              .getBytes(UTF_8));
    }
    return lines.toByteArray();
  }

  private void send(HttpClient http, byte[] lines) throws Exception {
    http.send(
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofByteArray(lines))
            .build(),
        BodyHandlers.discarding());
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
