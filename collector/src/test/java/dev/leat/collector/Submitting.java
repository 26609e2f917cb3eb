package dev.leat.collector;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.collector.Submission.Coding;
import dev.leat.collector.Submission.Form;
import dev.leat.event.KeyRule;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;

/** A collector without a transport, and short ways to submit to it. */
final class Submitting {
  final MemoryLog log = new MemoryLog();
  final Collector collector;

  Submitting() {
    this(CollectorOptions.defaults());
  }

  Submitting(CollectorOptions options) {
    this(options, KeyRule.NONE);
  }

  Submitting(CollectorOptions options, KeyRule keys) {
    collector = new Collector(log, options, InstantSource.fixed(Door.NOW), () -> keys, 42);
  }

  Outcome submit(Form form, String body) {
    return submit(form, body.getBytes(UTF_8));
  }

  Outcome submit(Form form, byte[] body) {
    return submit(form, Coding.IDENTITY, new ByteArrayInputStream(body));
  }

  Outcome submit(Form form, Coding coding, InputStream body) {
    return collector.collect(new Submission(form, coding, false, body, List.of()));
  }

  Outcome submitBinary(byte[] data, HeaderAttribute... attributes) {
    return collector.collect(
        new Submission(
            Form.DATA,
            Coding.IDENTITY,
            false,
            new ByteArrayInputStream(data),
            List.of(attributes)));
  }

  /** The faults of one event, each as {@code pointer code expected: found}. */
  static List<String> faults(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Refused refused -> refused.faults().stream().map(Submitting::words).toList();
      case Outcome.Kept _ -> List.of();
      default -> throw new AssertionError(outcome);
    };
  }

  private static String words(Fault fault) {
    return "%s %s; %s; %s"
        .formatted(fault.pointer(), fault.code().text(), fault.expected(), fault.found());
  }
}
