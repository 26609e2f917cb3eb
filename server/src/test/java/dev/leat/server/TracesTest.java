package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces of a live house, as a receiver of OTLP over HTTP gets them. */
class TracesTest {
  private static final int EVENTS = 100;
  private static final int ONE_IN = 10;

  @TempDir private Path directory;

  @Test
  void oneInSoManyEventsIsFollowedUntilItIsCommitted() throws Exception {
    List<ResourceSpans> received = new CopyOnWriteArrayList<>();
    HttpServer receiver = receiver(received);
    URI endpoint = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort());
    try (MeteredHouse house =
        MeteredHouse.open(directory, "{}", new TraceOptions(endpoint, ONE_IN))) {
      for (int i = 0; i < EVENTS; i++) {
        house.send(202, MeteredHouse.event("e" + i, "t", i));
      }
      house.await(
          told ->
              told.value("leat_engine_uncommitted_events") == 0
                  && told.value("leat_balance_events{state=\"stored\"}") == EVENTS);
      String page = house.scrape("application/openmetrics-text;version=1.0.0").body();
      assertTrue(page.contains("# {span_id="), "an exemplar of a histogram");
    } finally {
      receiver.stop(0);
    }
    Map<String, List<Span>> traces = traces(received);
    // Offsets 10, 20, ... 100; the definition is the record 0.
    assertEquals(EVENTS / ONE_IN, traces.size());
    TreeSet<Long> offsets = new TreeSet<>();
    for (List<Span> trace : traces.values()) {
      offsets.add(check(trace));
    }
    assertEquals(10, offsets.first());
    assertEquals(100, offsets.last());
  }

  /** Its parts follow each other and fill the whole; returns the offset. */
  private static long check(List<Span> trace) {
    Map<String, Span> spans =
        trace.stream()
            .collect(Collectors.toMap(Span::getName, span -> span, (a, _) -> a, TreeMap::new));
    assertEquals("[commit, decide, event, keep]", spans.keySet().toString());
    Span whole = spans.get("event");
    Span keep = spans.get("keep");
    Span decide = spans.get("decide");
    Span commit = spans.get("commit");
    assertTrue(whole.getParentSpanId().isEmpty());
    for (Span part : List.of(keep, decide, commit)) {
      assertEquals(whole.getSpanId(), part.getParentSpanId());
    }
    assertEquals(whole.getStartTimeUnixNano(), keep.getStartTimeUnixNano());
    assertEquals(keep.getEndTimeUnixNano(), decide.getStartTimeUnixNano());
    assertEquals(decide.getEndTimeUnixNano(), commit.getStartTimeUnixNano());
    assertEquals(commit.getEndTimeUnixNano(), whole.getEndTimeUnixNano());
    assertTrue(keep.getEndTimeUnixNano() > keep.getStartTimeUnixNano());
    assertTrue(commit.getEndTimeUnixNano() >= commit.getStartTimeUnixNano());
    return whole.getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals("leat.offset"))
        .mapToLong(attribute -> attribute.getValue().getIntValue())
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, List<Span>> traces(List<ResourceSpans> received) {
    Map<String, List<Span>> traces = new TreeMap<>();
    for (ResourceSpans resource : received) {
      assertTrue(
          resource.getResource().getAttributesList().stream()
              .anyMatch(
                  attribute ->
                      attribute.getKey().equals("service.name")
                          && attribute.getValue().getStringValue().equals("leat")),
          resource.getResource().toString());
      resource
          .getScopeSpansList()
          .forEach(
              scope ->
                  scope
                      .getSpansList()
                      .forEach(
                          span ->
                              traces
                                  .computeIfAbsent(
                                      HexFormat.of().formatHex(span.getTraceId().toByteArray()),
                                      _ -> new ArrayList<>())
                                  .add(span)));
    }
    return traces;
  }

  @Test
  void whatCanNotBeTracedIsRefused() {
    assertEquals(
        URI.create("http://127.0.0.1:4318/v1/traces"),
        new TraceOptions(URI.create("http://127.0.0.1:4318"), 1).endpoint());
    assertThrows(CommandFailure.class, () -> new TraceOptions(URI.create("127.0.0.1"), 1));
    assertThrows(
        CommandFailure.class, () -> new TraceOptions(URI.create("http://127.0.0.1:4318"), 0));
  }

  private static HttpServer receiver(List<ResourceSpans> received) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/traces",
        exchange -> {
          boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
          try (InputStream sent = exchange.getRequestBody();
              InputStream body = packed ? new GZIPInputStream(sent) : sent) {
            received.addAll(ExportTraceServiceRequest.parseFrom(body).getResourceSpansList());
          }
          exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return server;
  }
}
