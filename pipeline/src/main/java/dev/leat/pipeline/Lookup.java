package dev.leat.pipeline;

import java.time.Duration;
import java.util.Map;

/** Where a table comes from that events are enriched from. Immutable. */
public sealed interface Lookup {
  Duration DEFAULT_REFRESH = Duration.ofMinutes(10);

  /** The column whose values rows are found by. */
  String key();

  /** How often to look whether it changed. */
  Duration refresh();

  /**
   * A table in a file.
   *
   * @param file its path as written, relative to the definition file
   */
  record FileLookup(String file, String key, Duration refresh) implements Lookup {
    public FileLookup {
      Names.requireText("file", file);
      Names.requireText("key", key);
      check(refresh);
    }
  }

  /**
   * A table from a place of a kind that an extension brought.
   *
   * @param kind the key that names it
   * @param settings what its kind read, by key, {@code kind} among them; see {@link Settings#copy}
   */
  record CustomLookup(String kind, String key, Duration refresh, Map<String, Object> settings)
      implements Lookup {
    public CustomLookup {
      Names.requireName("kind", kind);
      Names.requireText("key", key);
      check(refresh);
      settings = Settings.copy(kind, settings);
    }
  }

  private static void check(Duration refresh) {
    if (!refresh.isPositive()) {
      throw new IllegalArgumentException("refresh is longer than nothing");
    }
  }
}
