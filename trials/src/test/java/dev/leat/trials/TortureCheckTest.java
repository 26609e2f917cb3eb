package dev.leat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.leat.trials.TortureCheck.Findings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that lies is found out. */
class TortureCheckTest {
  private final TortureBook book = new TortureBook(0, new SplittableRandom(1));
  private HttpServer server;
  private String balance = "{\"balanced\":true,\"lost\":0,\"gap\":0}";
  private long doubled;
  private long missing;

  @BeforeEach
  void lie() throws Exception {
    book.next(1_000_000);
    book.answered(100);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String asked = exchange.getRequestURI().getPath();
          String sql = new String(exchange.getRequestBody().readNBytes(10_000), UTF_8);
          String text =
              switch (asked) {
                case "/health/ready" -> "{\"log\":{\"nextOffset\":\"9\"}}";
                case "/v1/balance" -> balance;
                default -> rows(sql.contains("sum("));
              };
          byte[] body = text.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String rows(boolean sums) {
    StringBuilder rows = new StringBuilder("head\n");
    long count = 0;
    long numbers = 0;
    for (long number = 1; number <= book.rows().rows(); number++) {
      long times = number == missing ? 0 : number == doubled ? 2 : 1;
      count += times;
      numbers += times * number;
      if (!sums && times > 0) {
        rows.append(number).append(',').append(times).append('\n');
      }
    }
    if (sums) {
      long distinct = count - (doubled > 0 ? 1 : 0);
      rows.append("/torture/0,%d,%d,%d,".formatted(count, distinct, numbers));
      rows.append("%d,%d%n".formatted(book.rows().cents(), book.rows().digest()));
    }
    return rows.toString();
  }

  private Findings check() throws Exception {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (TortureClient client = new TortureClient(url)) {
      return TortureCheck.rows(client, List.of(book));
    }
  }

  @Test
  void theTruthPasses() throws Exception {
    Findings findings = check();
    assertTrue(findings.isEmpty(), () -> findings.details.toString());
  }

  @Test
  void aMissingEventIsLost() throws Exception {
    missing = 2;
    assertEquals(1, check().lost);
  }

  @Test
  void anEventThatIsThereTwiceIsDuplicated() throws Exception {
    doubled = 3;
    assertEquals(1, check().duplicated);
  }

  @Test
  void aBalanceThatDoesNotHoldIsWrong() throws Exception {
    balance = "{\"balanced\":false,\"lost\":0,\"gap\":1}";
    assertEquals(1, check().wrong);
  }
}
