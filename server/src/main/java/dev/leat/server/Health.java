package dev.leat.server;

import dev.leat.engine.Engine;
import dev.leat.engine.EngineStatus;
import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import dev.leat.query.JsonWriter;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code GET /health/live} and {@code /health/ready}. Live means that the process answers; ready,
 * that an event sent now will be kept and will become a row.
 */
final class Health implements HttpService {
  /** Rows that do not move for so long, while events wait, are stuck and not merely slow. */
  private static final Duration STUCK = Duration.ofSeconds(30);

  private final EventLog log;
  private final EventStore store;
  private final Engine engine;
  private final Definitions definitions;
  private final InstantSource clock;
  private final Instant started;
  private volatile boolean stopping;
  private volatile Progress progress;

  /** The offset up to which rows showed, and when it was first seen there. */
  private record Progress(long visible, Instant since) {}

  Health(
      EventLog log, EventStore store, Engine engine, Definitions definitions, InstantSource clock) {
    this.log = log;
    this.store = store;
    this.engine = engine;
    this.definitions = definitions;
    this.clock = clock;
    started = clock.instant();
    progress = new Progress(store.visibleOffset(), started);
  }

  /** From now on the answer is "not ready", so that load balancers look elsewhere. */
  void stopping() {
    stopping = true;
  }

  /** Whether an event sent now would be kept and would become a row. */
  boolean isReady() {
    return reasons(log.status(), store.status(), engine.status()).isEmpty();
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .get("/health/live", (_, response) -> JsonText.send(response, 200, this::live))
        .get("/health/ready", (_, response) -> ready(response));
  }

  private void live(JsonWriter json) throws IOException {
    json.beginObject()
        .field("status", "live")
        .field("version", Main.Version.number())
        .field("pid", ProcessHandle.current().pid())
        .field("uptimeSeconds", Duration.between(started, clock.instant()).toSeconds())
        .endObject();
  }

  private void ready(ServerResponse response) {
    EventLog.Status kept = log.status();
    EventStore.Status stored = store.status();
    EngineStatus processing = engine.status();
    List<String> reasons = reasons(kept, stored, processing);
    Vitals vitals = Vitals.now();
    JsonText.send(
        response,
        reasons.isEmpty() ? 200 : 503,
        json -> {
          json.beginObject()
              .field("status", reasons.isEmpty() ? "ready" : "not ready")
              .field("reasons", reasons)
              .field("pid", ProcessHandle.current().pid());
          json.name("log")
              .beginObject()
              .field("writable", kept.writable())
              .field("detail", kept.detail())
              .field("nextOffset", Long.toString(log.nextOffset()))
              .field("bytes", kept.bytes())
              .field("damagedEvents", kept.damagedEvents())
              .endObject();
          json.name("engine")
              .beginObject()
              .field("running", processing.running())
              .field("detail", processing.detail())
              .field("lagEvents", processing.lag())
              .field("commits", processing.commits())
              .field("failedCommits", processing.failedCommits())
              .field("balanceGap", processing.gap())
              .endObject();
          json.name("definition")
              .beginObject()
              .field("version", processing.definitionVersion())
              .field("problems", definitions.problems())
              .endObject();
          json.name("store")
              .beginObject()
              .field("healthy", stored.healthy())
              .field("detail", stored.detail() + stillLogged())
              .field("visibleOffset", Long.toString(store.visibleOffset()))
              .field("sealedRows", stored.sealedRows())
              .field("hotRows", stored.hotRows())
              .field("files", stored.files())
              .field("fileBytes", stored.fileBytes())
              .field("commit", stored.commitVersion())
              .endObject();
          vitals.writeTo(json.name("process"));
          json.endObject();
        });
  }

  /** Whether what the store has lost can be made again from the log; empty if nothing is lost. */
  private String stillLogged() {
    List<EventStore.LostRows> lost = store.lost();
    long first = log.firstOffset();
    long logged = lost.stream().filter(rows -> rows.minOffset() >= first).count();
    return lost.isEmpty()
        ? ""
        : "; the log still holds all positions of %d of the %d damaged files, and begins at %d"
            .formatted(logged, lost.size(), first);
  }

  private List<String> reasons(
      EventLog.Status kept, EventStore.Status stored, EngineStatus processing) {
    List<String> reasons = new ArrayList<>();
    String shortage = engine.shortage();
    if (stopping) {
      reasons.add("Leat is stopping");
    }
    if (!kept.writable()) {
      reasons.add("events can't be kept: " + kept.detail());
    } else if (!shortage.isEmpty()) {
      reasons.add("events are refused: " + shortage);
    }
    if (!stored.healthy()) {
      reasons.add("the store is not healthy: " + stored.detail() + stillLogged());
    } else if (!processing.commitFailure().isEmpty()) {
      reasons.add("a commit fails and is tried again: " + processing.commitFailure());
    }
    if (!processing.running()) {
      reasons.add("events are not processed: " + processing.detail());
    } else if (isStuck(processing)) {
      reasons.add(
          "%d events wait and no row has come for %d s"
              .formatted(processing.lag(), STUCK.toSeconds()));
    }
    return reasons;
  }

  private boolean isStuck(EngineStatus processing) {
    Instant now = clock.instant();
    Progress seen = progress;
    if (processing.lag() == 0 || processing.processedOffset() != seen.visible()) {
      progress = new Progress(processing.processedOffset(), now);
      return false;
    }
    return Duration.between(seen.since(), now).compareTo(STUCK) > 0;
  }
}
