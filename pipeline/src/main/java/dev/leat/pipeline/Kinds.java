package dev.leat.pipeline;

import dev.leat.pipeline.Lookup.FileLookup;
import dev.leat.pipeline.Step.ComputeStep;
import dev.leat.pipeline.Step.LookupStep;
import dev.leat.pipeline.Step.Missing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The kinds of steps and lookups that a definition may use: what Leat has, and what extensions
 * bring. Immutable.
 */
public record Kinds(List<StepKind> steps, List<LookupKind> lookups) {
  /** What Leat itself has. */
  public static final Kinds BUILT_IN =
      new Kinds(List.of(new LookupSteps(), new ComputeSteps()), List.of(new FileLookups()));

  public Kinds {
    steps = List.copyOf(steps);
    lookups = List.copyOf(lookups);
    Set<String> keys = new HashSet<>();
    steps.forEach(kind -> take(kind.key(), keys));
    keys.clear();
    lookups.forEach(kind -> take(kind.key(), keys));
  }

  /** These and one more. */
  public Kinds with(StepKind kind) {
    List<StepKind> more = new ArrayList<>(steps);
    more.add(kind);
    return new Kinds(more, lookups);
  }

  /** These and one more. */
  public Kinds with(LookupKind kind) {
    List<LookupKind> more = new ArrayList<>(lookups);
    more.add(kind);
    return new Kinds(steps, more);
  }

  /**
   * The kind of step with this key.
   *
   * @throws IllegalArgumentException if there is none
   */
  public StepKind step(String key) {
    return steps.stream()
        .filter(kind -> kind.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there are no steps of kind '%s'; is the extension that brings them here?"
                        .formatted(key)));
  }

  private static void take(String key, Set<String> taken) {
    if (!taken.add(Names.requireName("kind", key))) {
      throw new IllegalArgumentException("two kinds are called '%s'".formatted(key));
    }
  }

  private static final class LookupSteps implements StepKind {
    @Override
    public String key() {
      return "lookup";
    }

    @Override
    public List<String> settings() {
      return List.of("on", "into", "missing");
    }

    @Override
    public Step read(Settings settings) {
      return new LookupStep(
          settings.required("lookup"),
          settings.path("on"),
          settings.dataPath("into"),
          settings.choice("missing", Missing.NULL));
    }
  }

  private static final class ComputeSteps implements StepKind {
    @Override
    public String key() {
      return "compute";
    }

    @Override
    public List<String> settings() {
      return List.of("into");
    }

    @Override
    public Step read(Settings settings) {
      return new ComputeStep(settings.required("compute"), settings.dataPath("into"));
    }
  }

  private static final class FileLookups implements LookupKind {
    @Override
    public String key() {
      return "file";
    }

    @Override
    public List<String> settings() {
      return List.of();
    }

    @Override
    public Lookup read(Settings settings, String column, Duration refresh) {
      return new FileLookup(settings.required("file"), column, refresh);
    }
  }
}
