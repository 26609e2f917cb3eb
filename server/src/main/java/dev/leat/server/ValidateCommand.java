package dev.leat.server;

import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Mistake;
import dev.leat.pipeline.Plan.Planning;
import dev.leat.query.JsonWriter;
import dev.leat.server.DefinitionLoader.Failed;
import dev.leat.server.DefinitionLoader.Loaded;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat validate}. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = {
      "Check a definition file with its schemas and lookups: lists all mistakes, or prints what it"
          + " amounts to."
    })
final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "the definition, in YAML")
  private Path file = Path.of("");

  @Mixin private ReportFormat format;

  @Override
  public Integer call() throws IOException {
    DefinitionFile.text(file); // what is no text at all is no definition with a mistake
    DefinitionLoader loader = new DefinitionLoader(Extensions.kinds());
    return switch (loader.load(file)) {
      case Failed failed -> invalid(failed.mistakes());
      case Loaded loaded ->
          switch (loaded.content().compile(loader.kinds())) {
            case Planning.Invalid invalid -> invalid(invalid.mistakes());
            case Planning.Valid _ -> valid(loaded.content());
          };
    };
  }

  private int valid(DefinitionContent content) throws IOException {
    Definition definition = content.definition();
    if (format.isJson()) {
      print(List.of(), definition.toYaml());
    } else {
      if (!content.warnings().isEmpty()) {
        String warnings = DefinitionFile.list(file, content.warnings());
        spec.commandLine().getErr().println(warnings.replaceAll("(?m)^", "warning: "));
      }
      PrintWriter out = spec.commandLine().getOut();
      out.println("# " + file + " is valid. With every default spelled out:");
      if (!definition.views().isEmpty()) {
        out.println("# Whether the views can be kept shows when a server takes it up.");
      }
      out.print(definition.toYaml());
      out.flush();
    }
    return 0;
  }

  private int invalid(List<Mistake> mistakes) throws IOException {
    if (format.isJson()) {
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
