package dev.leat.bench;

import dev.leat.event.DataFormat;
import dev.leat.event.EventBatch;
import dev.leat.event.EventDraft;
import dev.leat.event.EventLog.Append;
import dev.leat.event.OsDisk;
import dev.leat.log.LogOptions;
import dev.leat.log.SegmentedLog;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Leat's log behind the web server of its front door, and nothing between them: a request's body is
 * kept as it came in one record, without a look at the events in it, which is what Kafka does with
 * a batch. Each is answered when it is durable. A process of its own; its only argument is an empty
 * directory.
 */
final class LogDoor {
  private static final int MAX_BODY_BYTES = 32 << 20;
  private static final int ENVELOPE_BYTES = 256;
  private static final byte[] NAME = {'x'};
  private static final byte[] ANSWER = {'{', '}'};

  private final SegmentedLog log;

  private LogDoor(SegmentedLog log) {
    this.log = log;
  }

  public static void main(String[] args) throws IOException {
    LogDoor door =
        new LogDoor(
            SegmentedLog.open(
                new OsDisk(Path.of(args[0])), LogOptions.defaults(), InstantSource.system()));
    WebServer server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .maxPayloadSize(MAX_BODY_BYTES)
            .routing(routing -> routing.post("/v1/events", door::keep))
            .build()
            .start();
    System.out.println("Listening at " + server.port());
  }

  private void keep(ServerRequest request, ServerResponse response) throws InterruptedException {
    byte[] body = request.content().as(byte[].class);
    EventDraft draft = new EventDraft();
    draft.id.set(NAME);
    draft.source.set(NAME);
    draft.type.set(NAME);
    draft.data.set(body);
    draft.dataFormat = DataFormat.BINARY;
    EventBatch.Writer record = new EventBatch.Writer(body.length + ENVELOPE_BYTES);
    record.add(draft);
    Append append = log.append(record.batch());
    if (!(append instanceof Append.Kept kept)) {
      throw new IllegalStateException("not kept: " + append);
    }
    // Nobody reads on from here, so that old segments can go.
    log.release(kept.lastOffset());
    response.status(Status.ACCEPTED_202).send(ANSWER);
  }
}
