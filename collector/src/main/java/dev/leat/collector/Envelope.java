package dev.leat.collector;

import dev.leat.event.EventDraft;
import dev.leat.event.EventLayout;
import dev.leat.event.Slice;
import java.util.EnumSet;
import java.util.Set;

/**
 * Holds the attributes of one event against the rules of CloudEvents 1.0.2 and puts the good ones
 * into a draft, whatever form they came in. For one thread, reused from event to event.
 */
final class Envelope {
  /** What an attribute's value was written as. */
  enum Kind {
    STRING,
    INTEGER,
    BOOLEAN,
    /** Text of a header, which may mean any of the three. */
    HEADER,
    /** An object, an array or a decimal number: no attribute can be that. */
    OTHER
  }

  private static final int MAX_NAME_BYTES = 100;
  private static final Attribute[] REQUIRED = {
    Attribute.ID, Attribute.SOURCE, Attribute.TYPE, Attribute.SPECVERSION
  };
  private static final byte[] VERSION = Text.ascii("1.0");

  private final EventDraft draft = new EventDraft();
  private final FaultList faults;
  private final AttributesJson others = new AttributesJson();
  private int index;
  private final Set<Attribute> seen = EnumSet.noneOf(Attribute.class);
  private MediaType.Kind dataKind = MediaType.Kind.JSON;

  Envelope(FaultList faults) {
    this.faults = faults;
  }

  /**
   * Begins the event with this index. Its time is the time it was received at, unless it brings its
   * own.
   */
  void begin(int index, long receivedMicros) {
    this.index = index;
    draft.clear();
    draft.receivedMicros = receivedMicros;
    draft.timeMicros = receivedMicros;
    others.clear();
    seen.clear();
    dataKind = MediaType.Kind.JSON;
  }

  EventDraft draft() {
    return draft;
  }

  int index() {
    return index;
  }

  /** What the event's datacontenttype makes of its data; JSON if it has none. */
  MediaType.Kind dataKind() {
    return dataKind;
  }

  boolean has(Attribute attribute) {
    return seen.contains(attribute);
  }

  /** Takes one attribute. The value's bytes must stay until the event is written. */
  void put(Attribute attribute, Slice name, Kind kind, Slice value) {
    seen.add(attribute);
    switch (attribute) {
      case ID -> text(attribute, draft.id, kind, value);
      case SOURCE -> source(kind, value);
      case TYPE -> text(attribute, draft.type, kind, value);
      case SUBJECT -> text(attribute, draft.subject, kind, value);
      case PARTITIONKEY -> text(attribute, draft.partitionKey, kind, value);
      case SPECVERSION -> version(kind, value);
      case TIME -> time(kind, value);
      case SAMPLEDRATE -> sampledRate(kind, value);
      case DATACONTENTTYPE -> contentType(name, kind, value);
      case DATASCHEMA -> schema(name, kind, value);
      case EXTENSION, DATA, DATA_BASE64 -> extension(attribute, name, kind, value);
    }
  }

  /** The last look at the event, after all its attributes. */
  void finish() {
    for (Attribute attribute : REQUIRED) {
      if (!has(attribute)) {
        fault(attribute.pointer(), FaultCode.MISSING_ATTRIBUTE, "a value", "nothing");
      }
    }
    others.into(draft.attributes);
  }

  void fault(String pointer, FaultCode code, String expected, String found) {
    faults.add(index, pointer, code, expected, found);
  }

  private void fault(String pointer, FaultCode code, String expected, Slice found) {
    // Words cost more than the event did; they are made only as long as somebody will read them.
    fault(pointer, code, expected, faults.wantsWords(index) ? Fault.printable(found) : "");
  }

  private void fault(Slice name, FaultCode code, String expected, Slice found) {
    fault(faults.wantsWords(index) ? JsonPointer.to(name) : "", code, expected, found);
  }

  private void text(Attribute attribute, Slice into, Kind kind, Slice value) {
    if (!isText(attribute, kind, value)) {
      return;
    }
    if (value.length() > EventLayout.MAX_ATTRIBUTE_BYTES) {
      String expected = "at most " + EventLayout.MAX_ATTRIBUTE_BYTES + " bytes";
      fault(attribute.pointer(), FaultCode.ATTRIBUTE_TOO_LONG, expected, value.length() + " bytes");
    } else {
      into.set(value.array(), value.from(), value.length());
    }
  }

  private void source(Kind kind, Slice value) {
    text(Attribute.SOURCE, draft.source, kind, value);
    if (draft.source.isPresent()) {
      isUri(Attribute.SOURCE, value);
    }
  }

  private void version(Kind kind, Slice value) {
    if (isText(Attribute.SPECVERSION, kind, value) && !Text.equals(value, VERSION)) {
      fault(Attribute.SPECVERSION.pointer(), FaultCode.UNKNOWN_VERSION, "1.0", value);
    }
  }

  private void time(Kind kind, Slice value) {
    if (!isText(Attribute.TIME, kind, value)) {
      return;
    }
    long micros = Rfc3339.micros(value.array(), value.from(), value.length());
    if (micros == Rfc3339.INVALID) {
      fault(
          Attribute.TIME.pointer(),
          FaultCode.INVALID_TIME,
          "a time such as 2025-01-31T12:00:00Z",
          value);
    } else {
      draft.timeMicros = micros;
    }
  }

  private void sampledRate(Kind kind, Slice value) {
    String pointer = Attribute.SAMPLEDRATE.pointer();
    if (kind != Kind.INTEGER && kind != Kind.HEADER) {
      fault(pointer, FaultCode.WRONG_TYPE, "an integer", value);
      return;
    }
    long rate = Text.decimal(value);
    if (rate < 1 || rate > Integer.MAX_VALUE) {
      fault(pointer, FaultCode.OUT_OF_RANGE, "an integer from 1 to 2147483647", value);
    } else {
      draft.sampledRate = (int) rate;
    }
  }

  private void contentType(Slice name, Kind kind, Slice value) {
    if (!isText(Attribute.DATACONTENTTYPE, kind, value)) {
      return;
    }
    dataKind = MediaType.kindOf(value);
    if (dataKind == MediaType.Kind.INVALID) {
      String expected = "a media type such as application/json";
      fault(Attribute.DATACONTENTTYPE.pointer(), FaultCode.INVALID_MEDIA_TYPE, expected, value);
    } else {
      others.string(name, value);
    }
  }

  private void schema(Slice name, Kind kind, Slice value) {
    if (isText(Attribute.DATASCHEMA, kind, value) && isUri(Attribute.DATASCHEMA, value)) {
      others.string(name, value);
    }
  }

  private void extension(Attribute attribute, Slice name, Kind kind, Slice value) {
    if (attribute != Attribute.EXTENSION
        || name.length() > MAX_NAME_BYTES
        || !Text.isAttributeName(name)) {
      fault(
          name,
          FaultCode.INVALID_NAME,
          "1 to " + MAX_NAME_BYTES + " characters, each a-z or 0-9, not data",
          name);
      return;
    }
    switch (kind) {
      case STRING, HEADER -> string(name, value);
      case INTEGER -> integer(name, value);
      case BOOLEAN -> others.literal(name, value);
      case OTHER -> fault(name, FaultCode.WRONG_TYPE, "a string, a boolean or an integer", value);
    }
  }

  private void string(Slice name, Slice value) {
    if (Text.forbiddenIn(value) < 0) {
      others.string(name, value);
    } else {
      fault(name, FaultCode.INVALID_CHARACTER, "no control characters and noncharacters", value);
    }
  }

  private void integer(Slice name, Slice value) {
    long number = Text.decimal(value);
    if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
      fault(name, FaultCode.OUT_OF_RANGE, "an integer of 32 bits", value);
    } else {
      others.literal(name, value);
    }
  }

  /** Whether the value is a non-empty string of allowed characters; if not, the fault is noted. */
  private boolean isText(Attribute attribute, Kind kind, Slice value) {
    if (kind != Kind.STRING && kind != Kind.HEADER) {
      fault(attribute.pointer(), FaultCode.WRONG_TYPE, "a string", value);
    } else if (value.length() == 0) {
      fault(
          attribute.pointer(),
          FaultCode.EMPTY_ATTRIBUTE,
          "at least one character",
          "an empty string");
    } else if (Text.forbiddenIn(value) >= 0) {
      String expected = "no control characters and noncharacters";
      fault(attribute.pointer(), FaultCode.INVALID_CHARACTER, expected, value);
    } else {
      return true;
    }
    return false;
  }

  private boolean isUri(Attribute attribute, Slice value) {
    boolean good = Text.isUriReference(value);
    if (!good) {
      String expected = "a URI reference: ASCII without spaces, all else percent-encoded";
      fault(attribute.pointer(), FaultCode.INVALID_URI, expected, value);
    }
    return good;
  }
}
