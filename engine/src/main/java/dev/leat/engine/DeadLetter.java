package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.engine.Tables.Found;
import dev.leat.event.DataFormat;
import dev.leat.event.EventDraft;
import dev.leat.event.KeyRule;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** A row of {@code dead_letters}, and the event that it was. */
record DeadLetter(Found row) {
  /** The columns that make the event again. */
  static final String COLUMNS =
      "log_offset, id, source, type, subject, time, partition_key, sampled_rate, attributes,"
          + " data_raw, data_format, stream, attempt";

  long offset() {
    return row.number("log_offset");
  }

  String stream() {
    return row.text("stream");
  }

  /** How often the event has been tried so far. */
  int attempt() {
    return Math.toIntExact(Math.max(1, row.number("attempt")));
  }

  /** Writes the event into a draft, received anew. */
  void write(EventDraft draft, KeyRule keys, long nowMicros) {
    draft.clear();
    draft.id.set(row.text("id"));
    draft.source.set(row.text("source"));
    draft.type.set(row.text("type"));
    String subject = row.textOrNull("subject");
    if (subject != null) {
      draft.subject.set(subject);
    }
    String attributes = row.textOrNull("attributes");
    if (attributes != null) {
      draft.attributes.set(attributes.getBytes(UTF_8));
    }
    draft.dataFormat = DataFormat.ofCode(Math.toIntExact(row.number("data_format")));
    if (row.value("data_raw") instanceof byte[] data) {
      draft.data.set(data);
    }
    draft.sampledRate = Math.toIntExact(Math.max(1, row.number("sampled_rate")));
    draft.timeMicros = micros(row.value("time"), nowMicros);
    draft.receivedMicros = nowMicros;
    setKey(draft, keys);
  }

  /** Replaces the data, which a repair has yielded as JSON. */
  static void replaceData(EventDraft draft, byte[] json) {
    draft.data.set(json);
    draft.dataFormat = DataFormat.JSON;
  }

  /** The key that the definition says, or else the one the event came with. */
  void setKey(EventDraft draft, KeyRule keys) {
    draft.partitionKey.clear();
    keys.apply(draft);
    String known = row.textOrNull("partition_key");
    if (!draft.partitionKey.isPresent()
        && known != null
        && !known.equals(row.textOrNull("subject"))) {
      draft.partitionKey.set(known);
    }
  }

  private static long micros(@Nullable Object time, long otherwise) {
    return time instanceof Instant instant
        ? ChronoUnit.MICROS.between(Instant.EPOCH, instant)
        : otherwise;
  }
}
