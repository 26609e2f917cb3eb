package dev.leat.collector;

import dev.leat.event.Slice;
import java.util.Arrays;

/** The attributes that have rules of their own; all others are extensions. */
enum Attribute {
  ID("id"),
  SOURCE("source"),
  TYPE("type"),
  SPECVERSION("specversion"),
  TIME("time"),
  SUBJECT("subject"),
  PARTITIONKEY("partitionkey"),
  SAMPLEDRATE("sampledrate"),
  DATACONTENTTYPE("datacontenttype"),
  DATASCHEMA("dataschema"),
  EXTENSION(""),
  // Not attributes, but members of the JSON form.
  DATA("data"),
  DATA_BASE64("data_base64");

  private static final int LONGEST = "datacontenttype".length();
  private static final Attribute[][] BY_LENGTH = new Attribute[LONGEST + 1][];

  static {
    for (int length = 0; length <= LONGEST; length++) {
      int wanted = length;
      BY_LENGTH[length] =
          Arrays.stream(values())
              .filter(a -> a != EXTENSION && a.bytes.length == wanted)
              .toArray(Attribute[]::new);
    }
  }

  @SuppressWarnings("ImmutableEnumChecker") // Written once, read only here.
  private final byte[] bytes;

  private final String pointer;

  Attribute(String name) {
    this.bytes = Text.ascii(name);
    this.pointer = "/" + name;
  }

  String pointer() {
    return pointer;
  }

  static Attribute named(Slice name) {
    if (name.length() <= LONGEST) {
      for (Attribute attribute : BY_LENGTH[name.length()]) {
        if (Text.equals(name, attribute.bytes)) {
          return attribute;
        }
      }
    }
    return EXTENSION;
  }
}
