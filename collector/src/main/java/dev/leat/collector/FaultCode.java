package dev.leat.collector;

import dev.leat.event.JsonException;
import java.util.Locale;

/**
 * Why an event or a request was not taken. The number's family tells whose move it is: 1xxx the
 * sender changes the bytes, 2xxx the sender tries again later, 3xxx the operator acts. Numbers and
 * names are never reused.
 */
public enum FaultCode {
  // 10xx: the bytes.
  MALFORMED_JSON(1001),
  TRUNCATED(1002),
  TRAILING_CONTENT(1003),
  INVALID_UTF8(1004),
  CONTROL_CHARACTER(1005),
  INVALID_ESCAPE(1006),
  LONE_SURROGATE(1007),
  INVALID_NUMBER(1008),
  NUMBER_TOO_LONG(1009),
  TOO_DEEP(1010),
  DUPLICATE_KEY(1011),
  INVALID_BASE64(1012),
  INVALID_PERCENT_ENCODING(1013),

  // 11xx: the rules of CloudEvents.
  NOT_AN_EVENT(1101),
  MISSING_ATTRIBUTE(1102),
  EMPTY_ATTRIBUTE(1103),
  WRONG_TYPE(1104),
  UNKNOWN_VERSION(1105),
  INVALID_NAME(1106),
  INVALID_CHARACTER(1107),
  INVALID_URI(1108),
  INVALID_TIME(1109),
  INVALID_MEDIA_TYPE(1110),
  OUT_OF_RANGE(1111),
  TWO_PAYLOADS(1112),
  DATA_NOT_TEXT(1113),

  // 12xx: sizes and formats.
  EVENT_TOO_LARGE(1201),
  ATTRIBUTE_TOO_LONG(1202),
  TOO_MANY_EVENTS(1203),
  BODY_TOO_LARGE(1204),
  INFLATED_TOO_LARGE(1205),
  BATCH_TOO_LARGE(1206),
  UNSUPPORTED_MEDIA_TYPE(1207),
  UNSUPPORTED_ENCODING(1208),
  CORRUPT_ENCODING(1209),
  /** A good event that was not kept because another of its request was bad. */
  OTHER_EVENT_REFUSED(1210),
  INCOMPLETE_BODY(1211),

  // 2xxx: overload.
  OVERLOADED(2001),
  STOPPING(2002),

  // 3xxx: the operator.
  DISK_FULL(3001),
  LOG_STOPPED(3002);

  private static final int HIGHEST = 3_999;
  private static final FaultCode[] BY_NUMBER = new FaultCode[HIGHEST + 1];

  static {
    for (FaultCode code : values()) {
      BY_NUMBER[code.number] = code;
    }
  }

  private final int number;
  private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

  FaultCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** The name as it stands in answers, such as {@code missing-attribute}. */
  public String text() {
    return text;
  }

  static FaultCode ofNumber(int number) {
    return BY_NUMBER[number];
  }

  static FaultCode of(JsonException.Code code) {
    return switch (code) {
      case UNEXPECTED -> MALFORMED_JSON;
      case TRUNCATED -> TRUNCATED;
      case TRAILING -> TRAILING_CONTENT;
      case INVALID_UTF8 -> INVALID_UTF8;
      case CONTROL_CHARACTER -> CONTROL_CHARACTER;
      case INVALID_ESCAPE -> INVALID_ESCAPE;
      case LONE_SURROGATE -> LONE_SURROGATE;
      case INVALID_NUMBER -> INVALID_NUMBER;
      case NUMBER_TOO_LONG -> NUMBER_TOO_LONG;
      case TOO_DEEP -> TOO_DEEP;
    };
  }
}
