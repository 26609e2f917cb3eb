package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cel.runtime.CelVariableResolver;
import dev.leat.event.DataFormat;
import dev.leat.event.EventCursor;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The event as the library asks for it, name by name; only what an expression names is read. For
 * one thread, one event after the other.
 */
final class EventVariables implements CelVariableResolver {
  private static final DataMap NOTHING = new DataMap(new LinkedHashMap<>());

  private final DataType dataType;
  private final DataReader reader;
  private EventCursor event = new EventCursor();
  private @Nullable Row row;
  private @Nullable Object data;

  EventVariables(DataType dataType, boolean exact) {
    this.dataType = dataType;
    this.reader = new DataReader(exact);
  }

  void begin(EventCursor next, @Nullable Row nextRow) {
    event = next;
    row = nextRow;
    data = null;
  }

  @Override
  public Optional<Object> find(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "id" -> text(event.idAt(), event.idLength());
          case "source" -> text(event.sourceAt(), event.sourceLength());
          case "type" -> text(event.typeAt(), event.typeLength());
          case "subject" -> text(event.subjectAt(), event.subjectLength());
          case "partitionkey" -> text(event.partitionKeyAt(), event.partitionKeyLength());
          case "sampledrate" -> (long) event.sampledRate();
          case "time" -> instant(event.timeMicros());
          case "received_at" -> instant(event.receivedMicros());
          case "attributes" -> attributes();
          case ExpressionScope.DATA -> data();
          default -> null;
        });
  }

  private String text(int from, int length) {
    return new String(event.bytes(), from, length, UTF_8);
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
  }

  private Object attributes() {
    return event.attributesLength() == 0
        ? NOTHING
        : reader.read(
            event.bytes(), event.attributesAt(), event.attributesLength(), DataType.Scalar.ANY);
  }

  private Object data() {
    Object known = data;
    if (known == null) {
      known =
          event.dataFormat() == DataFormat.JSON
              ? reader.read(event.bytes(), event.dataAt(), event.dataLength(), dataType)
              : NOTHING;
      Row present = row;
      if (present != null && !present.written().isEmpty() && known instanceof DataMap sent) {
        known = present.written().over(sent, present);
      }
      data = known;
    }
    return known;
  }
}
