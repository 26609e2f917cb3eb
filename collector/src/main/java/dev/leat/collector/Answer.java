package dev.leat.collector;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What HTTP says to an outcome: the status and a body in JSON, for faults as RFC 9457 has it.
 *
 * @param body complete, in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // Made once, sent once, compared never.
record Answer(
    int status, String contentType, byte[] body, @Nullable Duration retryAfter, boolean close) {
  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";

  static Answer of(Outcome outcome, CollectorOptions options) {
    return switch (outcome) {
      case Outcome.Kept kept -> kept(kept, options.durability());
      case Outcome.PartlyKept partly -> partlyKept(partly, options.durability());
      case Outcome.Refused refused -> refused(refused);
      case Outcome.Unreadable unreadable -> unreadable(unreadable);
      case Outcome.TooLarge tooLarge ->
          problem(
                  413,
                  tooLarge.code(),
                  "The request is too large",
                  expectedFound(tooLarge.expected(), tooLarge.found()))
              .answer();
      case Outcome.Overloaded overloaded ->
          problem(
                  429,
                  FaultCode.OVERLOADED,
                  "Too much is under way",
                  "Nothing was kept; send the same again later.")
              .retryAfter(overloaded.retryAfter())
              .answer();
      case Outcome.Full full ->
          problem(507, FaultCode.DISK_FULL, "There is no room to keep events", full.reason())
              .answer();
      case Outcome.Stopped stopped ->
          problem(503, stopped.code(), "Events can't be kept now", detail(stopped))
              .retryAfter(options.retryAfter())
              .close()
              .answer();
    };
  }

  static Answer methodNotAllowed() {
    return new Problem(405, "about:blank", "Method Not Allowed", "Events are sent with POST.")
        .answer();
  }

  private static Answer kept(Outcome.Kept kept, String durability) {
    JsonText json = new JsonText();
    json.object().member("accepted").number(kept.events());
    position(json, kept.lastOffset(), durability);
    return new Answer(202, JSON, json.end().bytes(), null, false);
  }

  private static void position(JsonText json, long lastOffset, String durability) {
    json.member("position");
    if (lastOffset < 0) {
      json.nothing();
    } else {
      json.text(Long.toString(lastOffset));
    }
    json.member("durability").text(durability);
  }

  private static Answer partlyKept(Outcome.PartlyKept partly, String durability) {
    JsonText json = new JsonText();
    json.object()
        .member("accepted")
        .number(partly.kept())
        .member("refused")
        .number(partly.refused());
    position(json, partly.lastOffset(), durability);
    json.member("results").array();
    long offset = partly.firstOffset();
    int nextFault = 0;
    for (int index = 0; index < partly.verdicts().events(); index++) {
      FaultCode refusal = partly.verdicts().refusal(index);
      json.object().member("index").number(index);
      if (refusal == null) {
        json.member("status").text("accepted").member("offset").text(Long.toString(offset++));
      } else {
        json.member("status").text("refused").member("code").text(refusal.text());
        nextFault = errors(json, index, partly.faults(), nextFault);
      }
      json.end();
    }
    return new Answer(207, JSON, json.end().end().bytes(), null, false);
  }

  /** Writes the event's faults, if they were kept in words; they are in the order of the events. */
  private static int errors(JsonText json, int index, List<Fault> faults, int first) {
    int next = first;
    if (next < faults.size() && faults.get(next).index() == index) {
      json.member("errors").array();
      while (next < faults.size() && faults.get(next).index() == index) {
        fault(json, faults.get(next++));
      }
      json.end();
    }
    return next;
  }

  private static void fault(JsonText json, Fault fault) {
    json.object();
    json.member("index").number(fault.index());
    json.member("pointer").text(fault.pointer());
    json.member("code").text(fault.code().text());
    json.member("expected").text(fault.expected());
    json.member("found").text(fault.found());
    json.end();
  }

  private static Answer refused(Outcome.Refused refused) {
    String detail =
        "%d of %d events are malformed; nothing was kept."
            .formatted(refused.refused(), refused.events());
    Problem problem = new Problem(400, "/problems/malformed-event", "Malformed events", detail);
    problem.json.member("errorCount").number(refused.faultCount());
    problem.json.member("errors").array();
    refused.faults().forEach(fault -> fault(problem.json, fault));
    problem.json.end();
    return problem.answer();
  }

  private static Answer unreadable(Outcome.Unreadable unreadable) {
    boolean incomplete = unreadable.code() == FaultCode.INCOMPLETE_BODY;
    int status = incomplete || unreadable.code() == FaultCode.CORRUPT_ENCODING ? 400 : 415;
    String detail = expectedFound(unreadable.expected(), unreadable.found());
    Problem problem = problem(status, unreadable.code(), "The body can't be read", detail);
    return incomplete ? problem.close().answer() : problem.answer();
  }

  private static String expectedFound(String expected, String found) {
    return "Expected " + expected + ", found " + found + ".";
  }

  private static String detail(Outcome.Stopped stopped) {
    return stopped.reason()
        + (stopped.certain()
            ? "; nothing was kept."
            : "; events may or may not have been kept, send the same again.");
  }

  private static Problem problem(int status, FaultCode code, String title, String detail) {
    return new Problem(status, "/problems/" + code.text(), title, detail);
  }

  /** An answer in the making. */
  private static final class Problem {
    private final JsonText json = new JsonText();
    private final int status;
    private @Nullable Duration retryAfter;
    private boolean close;

    Problem(int status, String type, String title, String detail) {
      this.status = status;
      json.object().member("type").text(type).member("title").text(title);
      json.member("status").number(status).member("detail").text(detail);
    }

    Problem retryAfter(Duration duration) {
      retryAfter = duration;
      return this;
    }

    Problem close() {
      close = true;
      return this;
    }

    Answer answer() {
      return new Answer(status, PROBLEM, json.end().bytes(), retryAfter, close);
    }
  }

  /** Writes JSON into a text; knows only what answers need. */
  private static final class JsonText {
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder open = new StringBuilder();
    private boolean comma;

    JsonText object() {
      return open('{', '}');
    }

    JsonText array() {
      return open('[', ']');
    }

    JsonText end() {
      text.append(open.charAt(open.length() - 1));
      open.setLength(open.length() - 1);
      comma = true;
      return this;
    }

    JsonText member(String name) {
      text(name);
      text.append(':');
      comma = false;
      return this;
    }

    JsonText number(long number) {
      separate();
      text.append(number);
      return this;
    }

    JsonText nothing() {
      separate();
      text.append("null");
      return this;
    }

    JsonText text(String value) {
      separate();
      text.append('"');
      for (int at = 0; at < value.length(); at++) {
        char c = value.charAt(at);
        if (c < ' ') {
          text.append("\\u%04x".formatted((int) c));
        } else {
          text.append(c == '"' || c == '\\' ? "\\" : "").append(c);
        }
      }
      text.append('"');
      return this;
    }

    byte[] bytes() {
      return text.toString().getBytes(UTF_8);
    }

    private JsonText open(char first, char last) {
      separate();
      text.append(first);
      open.append(last);
      comma = false;
      return this;
    }

    private void separate() {
      text.append(comma ? "," : "");
      comma = true;
    }
  }
}
