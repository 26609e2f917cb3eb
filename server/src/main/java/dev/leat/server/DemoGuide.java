package dev.leat.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** What the demo says to the person in front of it. */
final class DemoGuide {
  private static final List<String> QUERIES =
      List.of(
          "SELECT type, count(*) AS events FROM events GROUP BY type ORDER BY events DESC",
          "SELECT data.country, sum(data.amount) AS paid FROM events"
              + " WHERE type = 'shop.payment.received' GROUP BY data.country ORDER BY paid DESC LIMIT 5",
          "SELECT source, count(DISTINCT subject) AS visitors FROM events GROUP BY source ORDER BY visitors DESC");

  private final PrintWriter out;
  private final LeatClient client;

  DemoGuide(PrintWriter out, LeatClient client) {
    this.out = out;
    this.client = client;
  }

  void welcome() {
    out.printf("%nA small web shop is sending its events to %s%n%n", client.base());
    out.println("Open it in a browser, or try:");
    for (String query : QUERIES) {
      out.printf("  ./leat sql --url %s \"%s\"%n", client.base(), query);
    }
    out.println();
    out.flush();
  }

  /** Tells how it went and shows the answers; returns whether everything accepted was stored. */
  boolean summary(DemoRun.Result result) throws IOException, InterruptedException {
    for (String query : QUERIES) {
      out.printf("> %s%n", query);
      ServerState.table(client, query).print(out);
      out.println();
    }
    out.printf(
        "accepted %,d of %,d in %.1f s (%,d/s); all queryable after %.1f s%n",
        result.accepted(),
        result.sent(),
        result.sendSeconds(),
        Math.round(result.accepted() / result.sendSeconds()),
        result.visibleSeconds());
    out.printf(
        "balance: accepted %,d = stored %,d%s%n",
        result.accepted(),
        result.stored(),
        result.isBalanced() ? "" : "  <-- they differ, which must not be");
    out.flush();
    return result.isBalanced();
  }
}
