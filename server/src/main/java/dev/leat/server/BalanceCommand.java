package dev.leat.server;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code leat balance}. */
@Command(
    name = "balance",
    mixinStandardHelpOptions = true,
    description = {
      "Show where all events are, and whether that adds up: accepted = stored + duplicates"
          + " + dead letters + filtered + in flight.",
      "Exits with 1 if it does not."
    })
final class BalanceCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of(
          "stream", "accepted", "stored", "duplicates", "dead letters", "filtered", "in flight");
  private static final List<String> MEMBERS =
      List.of("accepted", "stored", "duplicates", "deadLettered", "filtered", "inFlight");

  @Mixin private ServerUrl server;
  @Mixin private ReportFormat format;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, @Nullable Object> balance = server.get("/v1/balance");
    boolean holds = Boolean.TRUE.equals(balance.get("balanced"));
    if (format.isJson()) {
      format.printJson(balance);
    } else {
      PrintWriter out = format.out();
      Table.of(COLUMNS, rows(balance)).print(out);
      out.println();
      out.println(holds ? holding(balance) : broken(balance));
      out.flush();
    }
    return holds ? 0 : 1;
  }

  private static List<List<Object>> rows(Map<String, @Nullable Object> balance) {
    List<List<Object>> rows = new ArrayList<>();
    Json.asObject(balance.get("streams"))
        .forEach((name, totals) -> rows.add(row(name, Json.asObject(totals))));
    long undecided = number(balance, "inFlight");
    if (undecided > 0) {
      // Nobody knows their stream yet; with them the column of accepted ones adds up.
      rows.add(row("(not decided yet)", Map.of("accepted", undecided, "inFlight", undecided)));
    }
    rows.add(row("total", balance));
    return rows;
  }

  private static List<Object> row(String name, Map<String, ? extends @Nullable Object> totals) {
    List<Object> row = new ArrayList<>();
    row.add(name);
    for (String member : MEMBERS) {
      row.add(number(totals, member));
    }
    return row;
  }

  private static String holding(Map<String, @Nullable Object> balance) {
    return "It holds: %,d accepted = %,d stored + %,d duplicates + %,d dead letters + %,d filtered + %,d in flight."
        .formatted(MEMBERS.stream().map(member -> (Object) number(balance, member)).toArray());
  }

  private static String broken(Map<String, @Nullable Object> balance) {
    String text = "It does not hold.";
    long gap = number(balance, "gap");
    long lost = number(balance, "lost");
    if (gap != 0) {
      text +=
          gap > 0
              ? " %,d accepted events are not where they should be.".formatted(gap)
              : " There are %,d more than were accepted.".formatted(-gap);
    }
    if (lost != 0) {
      text += " %,d were durable and can't be read any more.".formatted(lost);
    }
    Object detail = balance.get("detail");
    return detail == null || detail.equals("") ? text : text + "\n" + detail;
  }

  private static long number(Map<String, ? extends @Nullable Object> object, String name) {
    return Json.asLong(object.get(name), 0);
  }
}
