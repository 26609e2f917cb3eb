package dev.leat.engine;

import dev.leat.event.EventStore;
import java.nio.ByteBuffer;

/**
 * Everything that becomes durable in one commit: rows, what was learned about ids and entities, and
 * the engine's own state, all at the same position.
 *
 * @param state as {@link EngineState#encode} gives it
 */
@SuppressWarnings("ArrayRecordComponent") // Opaque bytes.
record Checkpoint(EventStore.Cut rows, StateCut memory, byte[] state) {

  /**
   * What the store keeps beside the rows: the engine's state, and which files make up its memory.
   */
  byte[] encode(byte[] manifest) {
    return ByteBuffer.allocate(Integer.BYTES + state.length + manifest.length)
        .putInt(state.length)
        .put(state)
        .put(manifest)
        .array();
  }

  /** The two parts of what {@link #encode} gave. */
  record Parts(byte[] state, byte[] manifest) {
    static Parts of(byte[] encoded) {
      if (encoded.length == 0) {
        return new Parts(new byte[0], new byte[0]);
      }
      ByteBuffer bytes = ByteBuffer.wrap(encoded);
      byte[] state = new byte[bytes.getInt()];
      bytes.get(state);
      byte[] manifest = new byte[bytes.remaining()];
      bytes.get(manifest);
      return new Parts(state, manifest);
    }
  }
}
