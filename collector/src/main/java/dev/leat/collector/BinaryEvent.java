package dev.leat.collector;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.Slice;
import java.util.List;

/**
 * Reads one event in the binary mode of the CloudEvents HTTP binding: attributes in headers, data
 * in the body. For one thread.
 */
final class BinaryEvent {
  private static final int MALFORMED = -1;

  private final Envelope envelope;
  private final Scratch scratch;
  private final Payload payload;
  private final Slice name = new Slice();
  private final Slice value = new Slice();

  BinaryEvent(Envelope envelope, Scratch scratch, Payload payload) {
    this.envelope = envelope;
    this.scratch = scratch;
    this.payload = payload;
  }

  /** Reads the event; the envelope has begun. An empty body means that it has no data. */
  void read(List<HeaderAttribute> attributes, byte[] body, int length) {
    scratch.clear();
    for (int at = 0; at < attributes.size(); at++) {
      HeaderAttribute attribute = attributes.get(at);
      if (isRepeated(attributes, at)) {
        fault(
            attribute,
            FaultCode.DUPLICATE_KEY,
            "each attribute once",
            "the attribute a second time");
      } else {
        put(attribute);
      }
    }
    if (length > 0) {
      envelope.draft().data.set(body, 0, length);
      payload.understand(envelope, true);
    }
    envelope.finish();
  }

  /** Headers are few, the server bounds them, so looking back is cheap enough. */
  private static boolean isRepeated(List<HeaderAttribute> attributes, int index) {
    String name = attributes.get(index).name();
    return attributes.subList(0, index).stream().anyMatch(other -> other.name().equals(name));
  }

  private void put(HeaderAttribute attribute) {
    name.set(attribute.name());
    Attribute known = Attribute.named(name);
    if (!attribute.encoded()) {
      value.set(attribute.value());
    } else if (!decode(attribute.value())) {
      String expected = "printable ASCII, all else percent-encoded UTF-8";
      fault(attribute, FaultCode.INVALID_PERCENT_ENCODING, expected, attribute.value());
      return;
    }
    envelope.put(known, name, Envelope.Kind.HEADER, value);
  }

  private boolean decode(String text) {
    byte[] raw = text.getBytes(UTF_8);
    byte[] room = scratch.room(raw.length);
    int from = scratch.length();
    int end = percentDecode(raw, unquote(raw), room, from);
    if (end == MALFORMED) {
      return false;
    }
    scratch.used(end);
    value.set(room, from, end - from);
    return Text.isUtf8(value);
  }

  /** Undoes a quoted string (RFC 9110) in place and returns how many bytes are left. */
  private static int unquote(byte[] raw) {
    int last = raw.length - 1;
    if (last < 1 || raw[0] != '"' || raw[last] != '"') {
      return raw.length;
    }
    int to = 0;
    for (int at = 1; at < last; at++) {
      if (raw[at] == '\\' && at + 1 < last) {
        at++;
      }
      raw[to++] = raw[at];
    }
    return to;
  }

  private static int percentDecode(byte[] raw, int length, byte[] into, int from) {
    int to = from;
    for (int at = 0; at < length; at++) {
      if (raw[at] < ' ' || raw[at] == 0x7F) {
        return MALFORMED;
      }
      if (raw[at] != '%') {
        into[to++] = raw[at];
        continue;
      }
      int high = at + 2 < length ? Text.hex(raw[at + 1]) : MALFORMED;
      int low = at + 2 < length ? Text.hex(raw[at + 2]) : MALFORMED;
      if (high < 0 || low < 0) {
        return MALFORMED;
      }
      into[to++] = (byte) ((high << 4) | low);
      at += 2;
    }
    return to;
  }

  private void fault(HeaderAttribute attribute, FaultCode code, String expected, String found) {
    name.set(attribute.name());
    envelope.fault(JsonPointer.to(name), code, expected, found);
  }
}
