package dev.leat.server;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code leat dead-letters list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List dead letters, the newest first.")
final class DeadLetterListCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of(
          "position", "received", "stream", "stage", "reason", "pointer", "rule", "found", "id");
  private static final List<String> CAUSE =
      List.of("stream", "stage", "reason", "pointer", "rule", "found");

  @Mixin private ServerUrl server;
  @Mixin private ReportFormat format;
  @Mixin private DeadLetterOptions filter;

  @Option(names = "--all", description = "also those that were sent again")
  private boolean all;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "at most so many, up to 1000; default ${DEFAULT-VALUE}",
      defaultValue = "20")
  private long limit = 20;

  @Option(
      names = "--cursor",
      paramLabel = "POSITION",
      description = "go on behind this position, as the page before said")
  private @Nullable Long cursor;

  @Override
  public Integer call() throws InterruptedException {
    QueryString query =
        filter.query().add("all", all ? true : null).add("limit", limit).add("cursor", cursor);
    Map<String, @Nullable Object> page = server.get(DeadLettersCommand.PATH + query);
    if (format.isJson()) {
      format.printJson(page);
    } else {
      print(page);
    }
    return 0;
  }

  private void print(Map<String, @Nullable Object> page) {
    List<List<Object>> rows = new ArrayList<>();
    for (Object letter : Json.asList(page.get("deadLetters"))) {
      rows.add(row(Json.asObject(letter)));
    }
    PrintWriter out = format.out();
    Table.of(COLUMNS, rows).print(out);
    out.flush();
    Object next = page.get("cursor");
    format
        .err()
        .printf(
            "%d dead letter%s%s%n",
            rows.size(),
            rows.size() == 1 ? "" : "s",
            next == null ? "" : "; there are more: --cursor " + next);
  }

  private static List<Object> row(Map<String, @Nullable Object> letter) {
    Map<String, @Nullable Object> envelope = Json.asObject(letter.get("envelope"));
    List<Object> row = new ArrayList<>();
    row.add(text(letter, "position"));
    row.add(text(envelope, "receivedAt"));
    CAUSE.forEach(name -> row.add(text(letter, name)));
    row.add(text(envelope, "id"));
    return row;
  }

  private static String text(Map<String, @Nullable Object> object, String name) {
    return Objects.toString(object.get(name), "");
  }
}
