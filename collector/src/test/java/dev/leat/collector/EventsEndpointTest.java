package dev.leat.collector;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.DataFormat;
import dev.leat.event.EventLog;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@code POST /v1/events}, seen from outside. */
final class EventsEndpointTest {
  private static final String BAD = "{\"specversion\":\"1.0\",\"id\":\"b\",\"type\":\"t\"}";
  private static final String SINGLE = "application/cloudevents+json";
  private static final String BATCH = "application/cloudevents-batch+json";
  private static final String LINES = "application/x-ndjson";

  private final Door door = new Door();

  @AfterEach
  void close() {
    door.close();
  }

  private static String event(String id) {
    return "{\"specversion\":\"1.0\",\"id\":\""
        + id
        + "\",\"source\":\"/s\",\"type\":\"t\",\"data\":{\"n\":1}}";
  }

  @Test
  void singleEventIsKept() {
    HttpResponse<String> answer = door.post(SINGLE, event("a"));
    assertAnswer(202, "{\"accepted\":1,\"position\":\"0\",\"durability\":\"fsync\"}", answer);
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElseThrow());
    SeenEvent kept = door.log.events().getFirst();
    assertEquals("a", kept.id());
    assertEquals("/s", kept.source());
    assertEquals("t", kept.type());
    assertEquals(Optional.empty(), kept.subject());
    assertEquals(Optional.empty(), kept.partitionKey());
    assertEquals(1, kept.sampledRate());
    assertEquals(Door.NOW_MICROS, kept.timeMicros());
    assertEquals(Door.NOW_MICROS, kept.receivedMicros());
    assertEquals(Map.of(), kept.attributes());
    assertEquals(DataFormat.JSON, kept.dataFormat());
    assertEquals("{\"n\":1}", kept.data());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        BATCH,
        "application/json",
        "application/json; charset=utf-8",
        BATCH + "; charset=\"UTF-8\""
      })
  void arrayIsKept(String type) {
    assertAnswer(
        202,
        "{\"accepted\":2,\"position\":\"1\",\"durability\":\"fsync\"}",
        door.post(type, " [" + event("a") + " ,\n" + event("b") + "] "));
    assertEquals(List.of("a", "b"), ids());
  }

  @ParameterizedTest
  @ValueSource(strings = {LINES, "application/ndjson", "application/jsonl", "Application/X-NDJSON"})
  void linesAreKept(String type) {
    String body = "\n" + event("a") + "\r\n  \n\t" + event("b") + "\n\n" + event("c");
    assertEquals(202, door.post(type, body).statusCode());
    assertEquals(List.of("a", "b", "c"), ids());
  }

  @Test
  void plainJsonObjectIsKept() {
    assertEquals(202, door.post("application/json", "\n " + event("a")).statusCode());
    assertEquals(List.of("a"), ids());
  }

  @Test
  void binaryModeIsKept() {
    byte[] data = "\u0000\u00ff\u0080bytes".getBytes(ISO_8859_1);
    HttpResponse<String> answer =
        door.post(
            "image/png",
            data,
            "ce-specversion",
            "1.0",
            "CE-ID",
            "%C3%A9%20%E2%82%AC%25",
            "ce-source",
            "/s",
            "ce-type",
            "\"quoted \\\"t\\\"\"",
            "ce-time",
            "2020-02-29T23:59:60.5+01:00",
            "ce-subject",
            "sub",
            "ce-partitionkey",
            "k",
            "ce-sampledrate",
            "30",
            "ce-comexample",
            "x\\y");
    assertEquals(202, answer.statusCode(), answer.body());
    SeenEvent kept = door.log.events().getFirst();
    assertEquals("é €%", kept.id());
    assertEquals("quoted \"t\"", kept.type());
    assertEquals(Optional.of("sub"), kept.subject());
    assertEquals(Optional.of("k"), kept.partitionKey());
    assertEquals(30, kept.sampledRate());
    assertEquals(Map.of("datacontenttype", "'image/png", "comexample", "'x\\y"), kept.attributes());
    assertEquals(DataFormat.BINARY, kept.dataFormat());
  }

  @Test
  void binaryModeWithoutDataIsKept() {
    HttpRequest.Builder request =
        door.request()
            .headers("ce-specversion", "1.0", "ce-id", "a", "ce-source", "/s", "ce-type", "t");
    assertEquals(
        202, door.send(request.POST(HttpRequest.BodyPublishers.noBody()).build()).statusCode());
    assertEquals(DataFormat.NONE, door.log.events().getFirst().dataFormat());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/json|{\"a\":1}|JSON",
        "application/vnd.x+json; v=1|[1, 2]|JSON",
        "text/plain|héllo|TEXT",
        "text/csv; charset=UTF-8|a,b|TEXT",
        "text/plain; charset=iso-8859-1|abc|BINARY",
        "application/xml|<a/>|BINARY",
        "application/x-ndjson|not read|BINARY"
      })
  void binaryModeReadsDataByItsType(String type, String data, DataFormat format) {
    HttpResponse<String> answer =
        door.post(
            type, data, "ce-specversion", "1.0", "ce-id", "a", "ce-source", "/s", "ce-type", "t");
    assertEquals(202, answer.statusCode(), answer.body());
    assertEquals(format, door.log.events().getFirst().dataFormat());
    assertEquals(data, door.log.events().getFirst().data());
  }

  @Test
  void emptyBatchesAreAccepted() {
    String nothing = "{\"accepted\":0,\"position\":null,\"durability\":\"fsync\"}";
    assertAnswer(202, nothing, door.post(BATCH, "[]"));
    assertAnswer(202, nothing, door.post(LINES, "\n \n"));
    assertAnswer(202, nothing, door.post(LINES, ""));
    assertEquals(0, door.log.appends());
  }

  @Test
  void strictKeepsNothing() {
    HttpResponse<String> answer =
        door.post(LINES, event("a") + "\n" + BAD + "\n{\"x\n" + event("c") + "\n{}");
    assertAnswer(
        400,
        """
        {"type":"/problems/malformed-event","title":"Malformed events","status":400,\
        "detail":"3 of 5 events are malformed; nothing was kept.","errorCount":6,"errors":[\
        {"index":1,"pointer":"/source","code":"missing-attribute","expected":"a value","found":"nothing"},\
        {"index":2,"pointer":"","code":"truncated","expected":"'\\"'","found":"the end of the input"},\
        {"index":4,"pointer":"/id","code":"missing-attribute","expected":"a value","found":"nothing"},\
        {"index":4,"pointer":"/source","code":"missing-attribute","expected":"a value","found":"nothing"},\
        {"index":4,"pointer":"/type","code":"missing-attribute","expected":"a value","found":"nothing"},\
        {"index":4,"pointer":"/specversion","code":"missing-attribute","expected":"a value","found":"nothing"}]}""",
        answer);
    assertEquals(
        "application/problem+json", answer.headers().firstValue("Content-Type").orElseThrow());
    assertEquals(0, door.log.appends());
  }

  @Test
  void lenientKeepsTheGoodOnes() {
    HttpResponse<String> answer =
        door.post(
            BATCH,
            "[" + event("a") + "," + BAD + "," + event("c") + "]",
            "Prefer",
            "x, handling=lenient; y=1");
    assertAnswer(
        207,
        """
        {"accepted":2,"refused":1,"position":"1","durability":"fsync","results":[\
        {"index":0,"status":"accepted","offset":"0"},\
        {"index":1,"status":"refused","code":"missing-attribute","errors":[\
        {"index":1,"pointer":"/source","code":"missing-attribute","expected":"a value","found":"nothing"}]},\
        {"index":2,"status":"accepted","offset":"1"}]}""",
        answer);
    assertEquals(
        "handling=lenient", answer.headers().firstValue("Preference-Applied").orElseThrow());
    assertEquals(List.of("a", "c"), ids());
  }

  @Test
  void lenientWithAllGoodOrAllBadIsAnsweredLikeStrict() {
    String[] lenient = {"Prefer", "handling=lenient"};
    assertEquals(202, door.post(LINES, event("a") + "\n" + event("b"), lenient).statusCode());
    assertEquals(400, door.post(LINES, BAD + "\n" + BAD, lenient).statusCode());
    assertEquals(List.of("a", "b"), ids());
  }

  @Test
  void brokenArrayEndsWhereItBreaks() {
    HttpResponse<String> answer =
        door.post(
            BATCH,
            "[" + event("a") + ",{\"id\":\"b\",\"data\":[1,{\"x\":tru}]}," + event("c") + "]",
            "Prefer",
            "handling=lenient");
    assertEquals(207, answer.statusCode(), answer.body());
    assertTrue(
        answer.body().contains("\"pointer\":\"/data/1/x\",\"code\":\"malformed-json\""),
        answer.body());
    assertEquals(List.of("a"), ids());
    HttpResponse<String> between = door.post(BATCH, "[" + event("a") + event("b") + "]");
    assertEquals(400, between.statusCode());
    assertTrue(
        between.body().contains("{\"index\":1,\"pointer\":\"\",\"code\":\"malformed-json\""),
        between.body());
  }

  @Test
  void faultsAreListedUpToALimitAndAllCounted() {
    HttpResponse<String> answer = door.post(LINES, (BAD + "\n").repeat(1_000));
    assertTrue(answer.body().contains("\"errorCount\":1000,"), answer.body());
    assertEquals(100, answer.body().split("\"index\":", -1).length - 1);
    HttpResponse<String> lenient =
        door.post(LINES, (BAD + "\n").repeat(1_000) + event("a"), "Prefer", "handling=lenient");
    assertTrue(
        lenient
            .body()
            .contains("{\"index\":999,\"status\":\"refused\",\"code\":\"missing-attribute\"}"),
        lenient.body());
    assertTrue(
        lenient.body().contains("{\"index\":1000,\"status\":\"accepted\",\"offset\":\"0\"}"),
        lenient.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/cloudevents+avro",
        "application/cloudevents+protobuf",
        "application/xml",
        "application/json; charset=utf-16",
        "application/x-www-form-urlencoded"
      })
  void unknownTypesAreRefused(String type) {
    HttpResponse<String> answer = door.post(type, event("a"));
    assertEquals(415, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("\"/problems/unsupported-media-type\""), answer.body());
    assertEquals(202, door.post(SINGLE, event("a")).statusCode());
  }

  @Test
  void missingTypeIsRefused() {
    HttpRequest request =
        door.request().POST(HttpRequest.BodyPublishers.ofString(event("a"))).build();
    assertEquals(415, door.send(request).statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "deflate", "gzip, gzip", "zstd, gzip"})
  void unknownEncodingsAreRefused(String encoding) {
    HttpResponse<String> answer = door.post(SINGLE, event("a"), "Content-Encoding", encoding);
    assertEquals(415, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("\"/problems/unsupported-encoding\""), answer.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "OPTIONS"})
  void otherMethodsAreNotAllowed(String method) {
    HttpResponse<String> answer =
        door.send(door.request().method(method, HttpRequest.BodyPublishers.noBody()).build());
    assertEquals(405, answer.statusCode());
    assertEquals("POST", answer.headers().firstValue("Allow").orElseThrow());
  }

  @Test
  void overloadIsToldWhenToComeAgain() {
    door.log.answerNext(MemoryLog.overloaded());
    HttpResponse<String> answer = door.post(SINGLE, event("a"));
    assertEquals(429, answer.statusCode());
    assertEquals("3", answer.headers().firstValue("Retry-After").orElseThrow());
    assertEquals(202, door.post(SINGLE, event("a")).statusCode());
  }

  @Test
  void fullDiskIsSaid() {
    door.log.answerNext(new EventLog.Append.Full("7 bytes left on /data"));
    HttpResponse<String> answer = door.post(SINGLE, event("a"));
    assertEquals(507, answer.statusCode());
    assertTrue(answer.body().contains("7 bytes left on /data"), answer.body());
  }

  @Test
  void noRoomForWhatBecomesOfAnEventIsSaidBeforeItIsKept() {
    door.shortage = "make room";
    HttpResponse<String> answer = door.post(SINGLE, event("a"));
    assertEquals(507, answer.statusCode());
    assertTrue(answer.body().contains("make room"), answer.body());
    door.shortage = "";
    assertEquals(202, door.post(SINGLE, event("a")).statusCode());
  }

  @Test
  void closedLogIsSaid() {
    door.log.answerNext(new EventLog.Append.Closed("a write failed"));
    HttpResponse<String> answer = door.post(SINGLE, event("a"));
    assertEquals(503, answer.statusCode());
    assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
    assertTrue(answer.body().contains("a write failed; nothing was kept."), answer.body());
  }

  @Test
  void tooLargeABatchForTheLogIsSaid() {
    door.log.answerNext(new EventLog.Append.TooLarge(77, 10));
    HttpResponse<String> answer = door.post(SINGLE, event("a"));
    assertEquals(413, answer.statusCode());
    assertTrue(
        answer.body().contains("Expected at most 10 bytes of events, found 77 bytes."),
        answer.body());
  }

  @Test
  void drainingCollectorSendsSendersAway() {
    assertEquals(202, door.post(SINGLE, event("a")).statusCode());
    door.collector.drain();
    HttpResponse<String> answer = door.post(SINGLE, event("b"));
    assertEquals(503, answer.statusCode());
    assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
    assertEquals("close", answer.headers().firstValue("Connection").orElseThrow());
    assertEquals(List.of("a"), ids());
  }

  @Test
  void countsAddUp() {
    door.post(LINES, event("a") + "\n" + BAD + "\n" + event("c"));
    door.post(LINES, event("a") + "\n" + BAD + "\n" + event("c"), "Prefer", "handling=lenient");
    door.log.answerNext(MemoryLog.overloaded());
    door.post(SINGLE, event("a"));
    CollectorCounts counts = door.collector.counts();
    assertEquals(2, counts.acceptedEvents());
    assertEquals(
        Map.of(
            FaultCode.MISSING_ATTRIBUTE,
            2L,
            FaultCode.OTHER_EVENT_REFUSED,
            2L,
            FaultCode.OVERLOADED,
            1L),
        counts.refused());
    assertEquals(5, counts.refusedEvents());
    assertEquals(Map.of(400, 1L, 207, 1L, 429, 1L), counts.requests());
    assertEquals(0, counts.inFlightBytes());
    assertTrue(counts.bodyBytes() > 0);
    assertEquals(counts.bodyBytes(), counts.inflatedBytes());
  }

  @Test
  void dataIsKeptByteForByte() {
    String data = "{ \"a\" : [1.50, 1e3,\t-0 ,\"\\u0041\\/é😀\"],\r\n\"b\":{} }";
    assertEquals(202, door.post(SINGLE, event("a").replace("{\"n\":1}", data)).statusCode());
    assertEquals(data, door.log.events().getFirst().data());
    assertEquals(
        202,
        door.post(
                "application/json",
                data,
                "ce-specversion",
                "1.0",
                "ce-id",
                "a",
                "ce-source",
                "/s",
                "ce-type",
                "t")
            .statusCode());
    assertEquals(data, door.log.events().getLast().data());
    assertFalse(data.getBytes(UTF_8).length == data.length());
  }

  private List<String> ids() {
    return door.log.events().stream().map(SeenEvent::id).toList();
  }

  private static void assertAnswer(int status, String body, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    assertEquals(body, answer.body());
  }
}
