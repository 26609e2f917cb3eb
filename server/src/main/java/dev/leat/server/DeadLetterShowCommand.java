package dev.leat.server;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat dead-letters show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Show all about one dead letter, and its data as it came.")
final class DeadLetterShowCommand implements Callable<Integer> {
  /** What a terminal would obey. */
  private static final String COMMANDS = "[\\p{Cntrl}\\x{80}-\\x{9f}&&[^\\n\\t]]";

  @Spec private CommandSpec spec;
  @Mixin private ServerUrl server;
  @Mixin private ReportFormat format;

  @Parameters(paramLabel = "POSITION", description = "where it is in the log, as `list` says")
  private long position;

  @Override
  public Integer call() throws InterruptedException {
    if (position < 0) {
      throw new ParameterException(
          spec.commandLine(), "POSITION must be 0 or more, not " + position);
    }
    QueryString query = new QueryString().add("offset", position).add("all", true);
    List<?> letters = Json.asList(server.get(DeadLettersCommand.PATH + query).get("deadLetters"));
    if (letters.isEmpty()) {
      throw new CommandFailure("there is no dead letter at position " + position);
    }
    Map<String, @Nullable Object> letter = Json.asObject(letters.getFirst());
    if (format.isJson()) {
      format.printJson(letter);
    } else {
      print(letter);
    }
    return 0;
  }

  private void print(Map<String, @Nullable Object> letter) {
    PrintWriter out = format.out();
    letter.forEach(
        (name, value) -> {
          if (value instanceof Map<?, ?> members) {
            members.forEach((member, of) -> line(out, String.valueOf(member), of));
          } else if (!name.startsWith("data")) {
            line(out, name, value);
          }
        });
    out.println();
    if (letter.get("dataBase64") != null) {
      out.println(letter.get("dataBase64") + "  (Base64: the data is no text)");
    } else {
      out.println(letter.get("data") == null ? "(no data)" : harmless(letter.get("data")));
    }
    out.flush();
  }

  private static void line(PrintWriter out, String name, @Nullable Object value) {
    if (value == null || value.equals(Map.of())) {
      return;
    }
    String text =
        value instanceof Map<?, ?>
            ? JsonText.of(json -> json.value(value)).strip()
            : value.toString();
    out.printf("%-18s %s%n", name, harmless(text).replace("\n", " "));
  }

  private static String harmless(@Nullable Object text) {
    return String.valueOf(text).replaceAll(COMMANDS, "\ufffd");
  }
}
