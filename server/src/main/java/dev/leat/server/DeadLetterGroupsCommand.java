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

/** {@code leat dead-letters groups}. */
@Command(
    name = "groups",
    mixinStandardHelpOptions = true,
    description = "Group dead letters by their cause, the most frequent first.",
    footer = {"", "A sample is the position of the newest one: leat dead-letters show POSITION"})
final class DeadLetterGroupsCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of(
          "count", "stream", "stage", "reason", "rule", "pointer", "last seen", "sample", "found");
  private static final List<String> CAUSE =
      List.of("stream", "stage", "reason", "rule", "pointer", "lastSeen");

  @Mixin private ServerUrl server;
  @Mixin private ReportFormat format;
  @Mixin private DeadLetterOptions filter;

  @Option(names = "--all", description = "also those that were sent again")
  private boolean all;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "at most so many groups, up to 1000; default ${DEFAULT-VALUE}",
      defaultValue = "20")
  private long limit = 20;

  @Override
  public Integer call() throws InterruptedException {
    QueryString query = filter.query().add("all", all ? true : null).add("limit", limit);
    Map<String, @Nullable Object> answer = server.get(DeadLettersCommand.PATH + "/groups" + query);
    if (format.isJson()) {
      format.printJson(answer);
    } else {
      print(answer);
    }
    return 0;
  }

  private void print(Map<String, @Nullable Object> answer) {
    List<List<Object>> rows = new ArrayList<>();
    long letters = 0;
    for (Object group : Json.asList(answer.get("groups"))) {
      Map<String, @Nullable Object> members = Json.asObject(group);
      rows.add(row(members));
      letters += Json.asLong(members.get("count"), 0);
    }
    PrintWriter out = format.out();
    Table.of(COLUMNS, rows).print(out);
    out.flush();
    boolean truncated = Boolean.TRUE.equals(answer.get("truncated"));
    format
        .err()
        .printf(
            "dead letters: %,d, causes: %,d%s%n",
            letters, rows.size(), truncated ? "; there are more (see --limit)" : "");
  }

  private static List<Object> row(Map<String, @Nullable Object> group) {
    Map<String, @Nullable Object> sample = Json.asObject(group.get("sample"));
    List<Object> row = new ArrayList<>();
    row.add(Json.asLong(group.get("count"), 0));
    CAUSE.forEach(name -> row.add(Objects.toString(group.get(name), "")));
    row.add(Objects.toString(sample.get("position"), ""));
    row.add(Objects.toString(sample.get("found"), ""));
    return row;
  }
}
