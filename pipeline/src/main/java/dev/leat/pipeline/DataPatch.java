package dev.leat.pipeline;

import dev.leat.event.EventCursor;
import dev.leat.pipeline.ExpressionCompiler.Compiled;
import java.util.List;
import java.util.Map;

/**
 * A CEL expression that yields the data an event should have had: how dead letters are repaired. It
 * sees the envelope and the data as they were sent, and has {@code with} and {@code without} to
 * change one member and keep the others as they are. Safe for use by several threads.
 */
public final class DataPatch {
  private final Compiled compiled;

  private DataPatch(Compiled compiled) {
    this.compiled = compiled;
  }

  /** What became of a text: a patch, or what is wrong with it. */
  public sealed interface Reading {}

  public record Ready(DataPatch patch) implements Reading {}

  public record Wrong(List<ExpressionProblem> problems) implements Reading {
    public Wrong {
      problems = List.copyOf(problems);
    }
  }

  /** What a patch made of an event. */
  public sealed interface Outcome {}

  /**
   * The patch was applied.
   *
   * @param data the new data as JSON
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way, never compared.
  public record Patched(byte[] data) implements Outcome {}

  /**
   * The patch does not go with this event.
   *
   * @param reason for who wrote the patch
   */
  public record Failed(String reason) implements Outcome {}

  /** Reads a patch. The first expression of the program takes a good part of a second. */
  public static Reading compile(String cel) {
    ExpressionCompiler compiler = new ExpressionCompiler(ExpressionScope.of(DataType.unknown()));
    return switch (compiler.compile(cel, DataType.unknown())) {
      case Compiled compiled -> new Ready(new DataPatch(compiled));
      case ExpressionCompiler.Wrong wrong -> new Wrong(wrong.problems());
    };
  }

  /** The data that the present event of the cursor should have. */
  public Outcome apply(EventCursor event) {
    try {
      Object value = compiled.program(true).evaluate(event, null);
      return value instanceof Map
          ? new Patched(new DataWriter().write(value))
          : new Failed("data has to be an object, not %s".formatted(ValueText.describe(value)));
    } catch (ExpressionException e) {
      return new Failed(String.valueOf(e.getMessage()));
    }
  }
}
