package dev.leat.server;

import dev.leat.engine.Engine;
import dev.leat.engine.InForce;
import dev.leat.pipeline.Definition;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;

/**
 * {@code GET /v1/definition}: what is in force, and from which position on which version was.
 * {@code POST /v1/definition/reload}: look at its files now; 200 with the version in force, or 422
 * with what is wrong, and the last one stays.
 */
final class DefinitionEndpoint implements HttpService {
  private static final int UNPROCESSABLE = 422;

  private final Definitions definitions;
  private final Engine engine;

  DefinitionEndpoint(Definitions definitions, Engine engine) {
    this.definitions = definitions;
    this.engine = engine;
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .get("/v1/definition", (_, response) -> send(response, 200, definitions.problems()))
        .post("/v1/definition/reload", (_, response) -> reload(response));
  }

  private void reload(ServerResponse response) throws InterruptedException {
    List<String> problems = definitions.reload();
    send(response, problems.isEmpty() ? 200 : UNPROCESSABLE, problems);
  }

  private void send(ServerResponse response, int status, List<String> problems) {
    Definition definition = definitions.definition();
    JsonText.send(
        response,
        status,
        json -> {
          json.beginObject()
              .field("version", engine.definitionVersion())
              .field("problems", problems)
              .field("effective", definition.pipelineYaml());
          StagesJson.write(json, definition);
          json.name("history").beginArray();
          for (InForce known : engine.definitions()) {
            json.beginObject()
                .field("version", known.version())
                .field("fromPosition", Long.toString(known.from()))
                .endObject();
          }
          json.endArray().endObject();
        });
  }
}
