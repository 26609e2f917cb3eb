package dev.leat.bench.helidon;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** A server that reads each body and answers 202, and nothing else: what the HTTP alone costs. */
final class Answering {
  private static final byte[] ANSWER =
      "{\"accepted\":1,\"position\":\"1\",\"durability\":\"none\"}".getBytes(US_ASCII);
  private static final int MAX_BODY_BYTES = 32 << 20;

  private Answering() {}

  public static void main(String[] args) {
    WebServer server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .maxPayloadSize(MAX_BODY_BYTES)
            .routing(routing -> routing.post("/v1/events", Answering::answer))
            .build()
            .start();
    System.out.println("Listening at " + server.port());
  }

  private static void answer(ServerRequest request, ServerResponse response) {
    byte[] body = request.content().as(byte[].class);
    if (body.length == 0) {
      throw new IllegalArgumentException("an empty body");
    }
    response.status(Status.ACCEPTED_202).send(ANSWER);
  }
}
