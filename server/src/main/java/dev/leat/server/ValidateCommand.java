package dev.leat.server;

import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Definition.Reading;
import dev.leat.pipeline.Mistake;
import dev.leat.query.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat validate}. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Check a definition file: lists all mistakes, or prints what it amounts to.")
final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "the definition, in YAML")
  private Path file = Path.of("");

  @Option(
      names = {"-o", "--output"},
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}",
      defaultValue = "text")
  private TextOrJson output = TextOrJson.TEXT;

  @Override
  public Integer call() throws IOException {
    return switch (DefinitionFile.parse(file)) {
      case Reading.Valid valid -> valid(valid.definition());
      case Reading.Invalid invalid -> invalid(invalid.mistakes());
    };
  }

  private int valid(Definition definition) throws IOException {
    if (output == TextOrJson.JSON) {
      print(List.of(), definition.toYaml());
    } else {
      PrintWriter out = spec.commandLine().getOut();
      out.println("# " + file + " is valid. With every default spelled out:");
      out.print(definition.toYaml());
      out.flush();
    }
    return 0;
  }

  private int invalid(List<Mistake> mistakes) throws IOException {
    if (output == TextOrJson.JSON) {
      print(mistakes, "");
    } else {
      spec.commandLine().getErr().println(DefinitionFile.list(file, mistakes));
    }
    return 1;
  }

  private void print(List<Mistake> mistakes, String effective) throws IOException {
    spec.commandLine().getOut().print(JsonText.of(json -> write(json, mistakes, effective)));
    spec.commandLine().getOut().flush();
  }

  private static void write(JsonWriter json, List<Mistake> mistakes, String effective)
      throws IOException {
    json.beginObject().field("valid", mistakes.isEmpty()).name("mistakes").beginArray();
    for (Mistake mistake : mistakes) {
      json.beginObject()
          .field("line", mistake.line())
          .field("column", mistake.column())
          .field("path", mistake.path())
          .field("message", mistake.message())
          .endObject();
    }
    json.endArray().field("effective", mistakes.isEmpty() ? effective : null).endObject();
  }
}
