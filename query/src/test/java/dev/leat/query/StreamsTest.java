package dev.leat.query;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.EventStore.TableStatus;
import dev.leat.event.SystemTable;
import dev.leat.event.TableSpec;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamsTest {
  private final LoopbackServer server = new LoopbackServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void listsEveryTable() throws Exception {
    server.store.visible = 43;
    server.store.define(new TableSpec("orders", true, false, "data.order.id", Duration.ofDays(90)));
    DataSchema schema = server.store.schema("orders");
    DataSchema.Field order =
        Objects.requireNonNull(schema.declare(schema.root(), "order", Kind.OBJECT));
    schema.declare(order, "id", Kind.TEXT);
    schema.declare(schema.root(), "total", Kind.DOUBLE);
    schema.declare(schema.root(), "items", Kind.JSON);
    server.store.define(SystemTable.DISCARDED.spec());
    DataSchema discarded = server.store.schema("discarded");
    discarded.declare(discarded.root(), "verdict", Kind.TEXT);
    discarded.declare(discarded.root(), "first_offset", Kind.LONG);
    server.store.tableStatuses =
        List.of(
            new TableStatus("orders", 70, 7, 3, 4_096, 14_000),
            new TableStatus("gone", 1, 1, 1, 1, 1));
    assertEquals(
        "{\"streams\":[{\"name\":\"discarded\",\"kind\":\"system\",\"rows\":0,\"sealedRows\":0,"
            + "\"hotRows\":0,\"files\":0,\"bytes\":0,\"bytesPerEvent\":null,"
            + "\"payloadBytesPerEvent\":null,\"entityKey\":null,\"retention\":null,\"fields\":["
            + "{\"name\":\"verdict\",\"type\":\"VARCHAR\"},"
            + "{\"name\":\"first_offset\",\"type\":\"BIGINT\"}]},"
            + "{\"name\":\"orders\",\"kind\":\"stream\",\"rows\":77,\"sealedRows\":70,\"hotRows\":7,"
            + "\"files\":3,\"bytes\":4096,\"bytesPerEvent\":58.5,\"payloadBytesPerEvent\":200.0,"
            + "\"entityKey\":\"data.order.id\",\"retention\":\"PT2160H\",\"fields\":["
            + "{\"name\":\"data.order.id\",\"type\":\"VARCHAR\"},"
            + "{\"name\":\"data.total\",\"type\":\"DOUBLE\"},"
            + "{\"name\":\"data.items\",\"type\":\"JSON\"}]}],"
            + "\"accepted\":\"49\",\"lagEvents\":7,"
            + "\"asOf\":{\"position\":\"42\",\"commit\":5,\"time\":\"2026-01-02T03:04:05Z\"}}\n",
        server.get("/v1/streams").body());
  }
}
