package dev.leat.engine;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a commit of an {@link Engine} is made of beside the rows, for whoever copies it without
 * asking the engine: files that never change, and the definitions that the log may still need.
 * Immutable.
 *
 * @param files below the data directory, with {@code /}
 * @param definitions as of {@link Engine#definitions}
 * @param lost offsets that the log could not give any more
 */
public record CommittedState(Set<String> files, List<InForce> definitions, long lost) {
  public CommittedState {
    files = Set.copyOf(files);
    definitions = List.copyOf(definitions);
  }

  /**
   * Reads what a store kept for the engine.
   *
   * @throws IllegalStateException if it is damaged or a newer program wrote it; the message says
   *     what to do
   */
  public static CommittedState of(byte[] committed) {
    Checkpoint.Parts parts = Checkpoint.Parts.of(committed);
    EngineState state = EngineState.decode(parts.state());
    Set<String> files = new TreeSet<>();
    if (parts.memory().length > 0) {
      files.addAll(StateManifest.decode(parts.memory()).files());
    }
    files.addAll(CellManifest.decode(parts.cells()).names());
    return new CommittedState(files, state.definitions(), state.lost());
  }

  /**
   * What to give a store to keep so that an engine begins at an offset, knowing nothing of what is
   * below it, with a definition in force.
   */
  public static byte[] beginningAt(long offset, byte[] definition) {
    EngineState state = new EngineState();
    state.passOver(offset);
    state.define(offset, definition);
    return Checkpoint.Parts.stateOnly(state.encode()).encode();
  }
}
