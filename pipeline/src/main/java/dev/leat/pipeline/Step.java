package dev.leat.pipeline;

import java.util.Map;

/** Something that adds to the data of an event. Immutable. */
public sealed interface Step {
  /** What a lookup gives for a key that its table does not have. */
  enum Missing {
    /** A JSON null. */
    NULL,
    /** The event becomes a dead letter. */
    DEAD_LETTER
  }

  /**
   * Puts the row of a lookup table into the data.
   *
   * @param lookup the name of the table, which the definition has
   * @param on the path to the key
   * @param into the path in the data that the row becomes an object at
   */
  record LookupStep(String lookup, String on, String into, Missing missing) implements Step {
    public LookupStep {
      Names.requireName("lookup", lookup);
      Names.requirePath("on", on);
      Names.requireDataPath("into", into);
    }
  }

  /**
   * Puts the value of an expression into the data.
   *
   * @param compute a CEL expression over envelope and data
   * @param into the path in the data for the value
   */
  record ComputeStep(String compute, String into) implements Step {
    public ComputeStep {
      Names.requireText("compute", compute);
      Names.requireDataPath("into", into);
    }
  }

  /**
   * A step of a kind that an extension brought.
   *
   * @param kind the key that names it
   * @param settings what its kind read, by key, {@code kind} among them; see {@link Settings#copy}
   */
  record CustomStep(String kind, Map<String, Object> settings) implements Step {
    public CustomStep {
      Names.requireName("kind", kind);
      settings = Settings.copy(kind, settings);
    }
  }
}
