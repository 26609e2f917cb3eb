package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.DataFormat;
import dev.leat.event.EventDraft;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event of a {@link RandomMix}: as it is sent, and as whoever drew it understands it.
 *
 * @param attributes those without a place of their own, by name
 * @param text the data as sent
 * @param data what the text says, see {@link MixJson}; null if that is no JSON
 */
record MixEvent(
    String type,
    String source,
    String id,
    @Nullable String subject,
    @Nullable String key,
    Map<String, String> attributes,
    DataFormat format,
    String text,
    @Nullable Object data,
    long receivedMicros) {

  MixEvent receivedAt(long micros) {
    return new MixEvent(type, source, id, subject, key, attributes, format, text, data, micros);
  }

  /** The same event with the data of another. */
  MixEvent with(MixEvent other) {
    return new MixEvent(
        type,
        source,
        id,
        subject,
        key,
        attributes,
        other.format,
        other.text,
        other.data,
        receivedMicros);
  }

  void write(EventDraft draft) {
    draft.clear();
    draft.type.set(type);
    draft.source.set(source);
    draft.id.set(id);
    if (subject != null) {
      draft.subject.set(subject);
    }
    if (key != null) {
      draft.partitionKey.set(key);
    }
    if (!attributes.isEmpty()) {
      draft.attributes.set(attributesText());
    }
    draft.dataFormat = format;
    if (format != DataFormat.NONE) {
      draft.data.set(text.getBytes(UTF_8));
    }
    draft.timeMicros = receivedMicros - 1;
    draft.receivedMicros = receivedMicros;
  }

  String attributesText() {
    return MixJson.write(new java.util.LinkedHashMap<>(attributes));
  }
}
