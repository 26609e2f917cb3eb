package dev.leat.trials;

import java.io.IOException;
import java.util.SortedMap;

/**
 * Files of one type as a room wrote them, and the way to have the room read them again. Any number
 * of threads may have it do so at once.
 */
public interface DamageCase extends AutoCloseable {
  /** The name of the type, such as {@code log}. */
  String type();

  /** How many bytes each file has, by name. */
  SortedMap<String, Long> files();

  /**
   * Opens the files with one of them damaged and compares what they say. What it throws counts as
   * wrong: how the room refuses is for it to know.
   */
  Outcome open(Damage damage) throws Exception;

  @Override
  void close() throws IOException;

  /** Every way that can end. */
  sealed interface Outcome {
    /** The answers are those of the undamaged files. */
    record Harmless() implements Outcome {}

    /** The room said so, and what it still answers is part of the right answers. */
    record Detected() implements Outcome {}

    /** Neither. */
    record Wrong(String what) implements Outcome {}

    Outcome HARMLESS = new Harmless();
    Outcome DETECTED = new Detected();

    static Outcome wrong(String what) {
      return new Wrong(what);
    }

    /** That of a refusal: detected if it names what is damaged. */
    static Outcome refusal(Throwable refused, String named) {
      String message = String.valueOf(refused.getMessage());
      return message.contains(named)
          ? DETECTED
          : wrong("refused without naming %s: %s".formatted(named, message));
    }
  }
}
