package dev.leat.collector;

import java.io.InputStream;
import java.util.List;

/**
 * What a transport hands over: bytes, and how to read them.
 *
 * @param lenient whether the good events are to be kept where others are bad
 * @param attributes of the event in binary mode; else empty
 */
public record Submission(
    Form form, Coding coding, boolean lenient, InputStream body, List<HeaderAttribute> attributes) {
  public Submission {
    attributes = List.copyOf(attributes);
  }

  /** How events lie in the body. */
  public enum Form {
    /** One event as a JSON object. */
    OBJECT,
    /** Events in a JSON array. */
    ARRAY,
    /** An object or an array, whichever comes. */
    OBJECT_OR_ARRAY,
    /** A JSON object on each line. */
    LINES,
    /** The body is the data of one event; its attributes came apart. */
    DATA
  }

  /** How the body is compressed. */
  public enum Coding {
    IDENTITY,
    GZIP,
    ZSTD
  }
}
