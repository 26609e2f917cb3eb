package dev.leat.server;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command that reports prints its report. */
final class ReportFormat {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-o", "--output"},
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}",
      defaultValue = "text")
  private TextOrJson output = TextOrJson.TEXT;

  boolean isJson() {
    return output == TextOrJson.JSON;
  }

  PrintWriter out() {
    return command.commandLine().getOut();
  }

  PrintWriter err() {
    return command.commandLine().getErr();
  }

  /** Prints a value that a server sent. */
  void printJson(Object value) {
    out().print(JsonText.of(json -> json.value(value)));
    out().flush();
  }
}
