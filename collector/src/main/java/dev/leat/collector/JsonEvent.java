package dev.leat.collector;

import static java.util.Objects.requireNonNullElse;

import dev.leat.event.DataFormat;
import dev.leat.event.EventDraft;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import dev.leat.event.Slice;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads one event of the CloudEvents JSON format in one pass. The draft's slices point into the
 * request wherever the bytes can be taken as they stand. For one thread, reused from event to
 * event.
 *
 * <p>{@code datacontenttype} may come after {@code data}, so the payload is only marked on the way
 * and understood at the end of the event.
 */
final class JsonEvent {
  private final Envelope envelope;
  private final Scratch scratch;
  private final JsonWalk walk;
  private final Payload payload;
  private final int maxDepth;

  private final Slice name = new Slice();
  private final Slice value = new Slice();

  private final Slice data = new Slice();
  private final Slice dataText = new Slice();
  private final Slice base64 = new Slice();
  private @Nullable Token dataToken;

  private byte[] bytes = {};
  private int from;

  JsonEvent(Envelope envelope, Scratch scratch, JsonWalk walk, Payload payload, int maxDepth) {
    this.envelope = envelope;
    this.scratch = scratch;
    this.walk = walk;
    this.payload = payload;
    this.maxDepth = maxDepth;
  }

  /** Reads the event whose first token has just been read; the envelope has begun. */
  void read(JsonScanner scanner, Token first, byte[] bytes) {
    this.bytes = bytes;
    this.from = scanner.valueFrom();
    scratch.clear();
    walk.begin(bytes);
    if (first != Token.OBJECT_START) {
      walk.finish(scanner, first);
      envelope.fault("", FaultCode.NOT_AN_EVENT, "a JSON object", found(scanner));
      return;
    }
    data.clear();
    dataText.clear();
    base64.clear();
    dataToken = null;
    walk.openObject();
    while (scanner.next() == Token.NAME) {
      member(scanner);
    }
    walk.closeObject();
    finish(scanner.position());
  }

  private void member(JsonScanner scanner) {
    boolean fresh = walk.isNew(scanner);
    scratch.characters(scanner, bytes, name);
    Attribute attribute = Attribute.named(name);
    Token token = scanner.next();
    if (!fresh) {
      walk.finish(scanner, token);
    } else if (attribute == Attribute.DATA) {
      data(scanner, token);
    } else if (attribute == Attribute.DATA_BASE64) {
      base64(scanner, token);
    } else {
      attribute(attribute, scanner, token);
    }
  }

  private void attribute(Attribute attribute, JsonScanner scanner, Token token) {
    switch (token) {
      case STRING -> {
        scratch.characters(scanner, bytes, value);
        envelope.put(attribute, name, Envelope.Kind.STRING, value);
      }
      case INTEGER -> literal(attribute, scanner, Envelope.Kind.INTEGER);
      case TRUE, FALSE -> literal(attribute, scanner, Envelope.Kind.BOOLEAN);
      case DECIMAL -> literal(attribute, scanner, Envelope.Kind.OTHER);
      case OBJECT_START, ARRAY_START -> {
        int start = scanner.valueFrom();
        walk.finish(scanner, token);
        value.set(bytes, start, scanner.position() - start);
        envelope.put(attribute, name, Envelope.Kind.OTHER, value);
      }
      // An attribute that is null is one that was not sent.
      case NULL -> {}
      case OBJECT_END, ARRAY_END, NAME, END ->
          throw new IllegalStateException("no value: " + token);
    }
  }

  private void literal(Attribute attribute, JsonScanner scanner, Envelope.Kind kind) {
    value.set(bytes, scanner.tokenFrom(), scanner.tokenLength());
    envelope.put(attribute, name, kind, value);
  }

  private void data(JsonScanner scanner, Token token) {
    int start = scanner.valueFrom();
    dataToken = token;
    if (token == Token.STRING) {
      scratch.characters(scanner, bytes, dataText);
    }
    walk.finish(scanner, token);
    data.set(bytes, start, scanner.position() - start);
  }

  private void base64(JsonScanner scanner, Token token) {
    if (token == Token.STRING) {
      scratch.characters(scanner, bytes, base64);
    } else if (token != Token.NULL) {
      walk.finish(scanner, token);
      String pointer = Attribute.DATA_BASE64.pointer();
      envelope.fault(pointer, FaultCode.WRONG_TYPE, "a string", describe(token));
    }
  }

  private void finish(int end) {
    if (walk.duplicateAt() != JsonWalk.NOWHERE) {
      String pointer = JsonPointer.to(bytes, from, end, walk.duplicateAt(), maxDepth);
      envelope.fault(pointer, FaultCode.DUPLICATE_KEY, "each name once", "the name a second time");
    }
    if (data.isPresent() && base64.isPresent()) {
      envelope.fault(
          Attribute.DATA_BASE64.pointer(),
          FaultCode.TWO_PAYLOADS,
          "data or data_base64",
          "both of them");
    } else if (data.isPresent()) {
      putData(envelope.draft());
    } else if (base64.isPresent()) {
      putBase64(envelope.draft());
    }
    envelope.finish();
  }

  private void putData(EventDraft draft) {
    switch (envelope.dataKind()) {
      case JSON -> {
        draft.data.set(data.array(), data.from(), data.length());
        draft.dataFormat = DataFormat.JSON;
      }
      case TEXT, OTHER -> putText(draft);
      // The media type has been complained of.
      case INVALID -> {}
    }
  }

  /** Data of a type that is not JSON is what the JSON string says. */
  private void putText(EventDraft draft) {
    if (dataText.isPresent()) {
      draft.data.set(dataText.array(), dataText.from(), dataText.length());
      draft.dataFormat = DataFormat.TEXT;
    } else if (dataToken != Token.NULL) {
      String pointer = Attribute.DATA.pointer();
      String found = describe(requireNonNullElse(dataToken, Token.NULL));
      envelope.fault(
          pointer, FaultCode.DATA_NOT_TEXT, "a string, since datacontenttype is not JSON", found);
    }
  }

  private void putBase64(EventDraft draft) {
    try {
      draft.data.set(Base64.getDecoder().decode(base64.toBytes()));
      payload.understand(envelope, false);
    } catch (IllegalArgumentException notBase64) {
      String pointer = Attribute.DATA_BASE64.pointer();
      envelope.fault(
          pointer, FaultCode.INVALID_BASE64, "Base64 (RFC 4648)", Fault.printable(base64));
    }
  }

  private String found(JsonScanner scanner) {
    value.set(bytes, from, scanner.position() - from);
    return Fault.printable(value);
  }

  private static String describe(Token token) {
    return switch (token) {
      case OBJECT_START -> "an object";
      case ARRAY_START -> "an array";
      case STRING -> "a string";
      case INTEGER, DECIMAL -> "a number";
      case TRUE, FALSE -> "a boolean";
      case NULL -> "null";
      case OBJECT_END, ARRAY_END, NAME, END -> "no value";
    };
  }
}
