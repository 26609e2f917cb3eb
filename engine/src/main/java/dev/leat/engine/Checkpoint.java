package dev.leat.engine;

import dev.leat.event.EventStore;
import dev.leat.pipeline.AggregatesCut;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Everything that becomes durable in one commit: rows, what was learned about ids and entities, the
 * results of metrics, and the engine's own state, all at the same position.
 *
 * @param state as {@link EngineState#encode} gives it
 */
@SuppressWarnings("ArrayRecordComponent") // Opaque bytes.
record Checkpoint(EventStore.Cut rows, StateCut memory, AggregatesCut metrics, byte[] state) {
  /**
   * What encoded parts begin with. The first format began with the length of the state, which is
   * not negative, and had only that and the manifest of the memory.
   */
  private static final int FORMAT = -2;

  /**
   * What the store keeps beside the rows: the engine's state, and which files make up its memory
   * and the results of metrics.
   */
  byte[] encode(byte[] memoryManifest, byte[] cellsManifest) {
    return encode(new Parts(state, memoryManifest, cellsManifest, metrics.header()));
  }

  private static byte[] encode(Parts all) {
    byte[][] parts = {all.state(), all.memory(), all.cells(), all.metrics()};
    int length = Integer.BYTES;
    for (byte[] part : parts) {
      length += Integer.BYTES + part.length;
    }
    ByteBuffer out = ByteBuffer.allocate(length).putInt(FORMAT);
    for (byte[] part : parts) {
      out.putInt(part.length).put(part);
    }
    return out.array();
  }

  /**
   * The parts of what {@link #encode} gave; those it did not have are empty.
   *
   * @param memory the manifest of the {@link StateStore}
   * @param cells the manifest of the {@link CellStore}
   * @param metrics the header of the running metrics
   */
  record Parts(byte[] state, byte[] memory, byte[] cells, byte[] metrics) {
    /** Those of a commit that has nothing but the engine's state. */
    static Parts stateOnly(byte[] state) {
      return new Parts(state, new byte[0], new byte[0], new byte[0]);
    }

    /** What a commit of these parts keeps. */
    byte[] encode() {
      return Checkpoint.encode(this);
    }

    /** The version of the format that encoded parts have; 0 if there are none. */
    static int format(byte[] encoded) {
      return encoded.length == 0 ? 0 : Math.max(1, -ByteBuffer.wrap(encoded).getInt());
    }

    /**
     * @throws IllegalStateException if a newer program wrote it
     */
    static Parts of(byte[] encoded) {
      if (encoded.length == 0) {
        return new Parts(new byte[0], new byte[0], new byte[0], new byte[0]);
      }
      ByteBuffer in = ByteBuffer.wrap(encoded);
      int first = in.getInt();
      if (first >= 0) {
        int end = Integer.BYTES + first;
        return new Parts(
            Arrays.copyOfRange(encoded, Integer.BYTES, end),
            Arrays.copyOfRange(encoded, end, encoded.length),
            new byte[0],
            new byte[0]);
      }
      if (first != FORMAT) {
        throw new OtherFormatException("a commit in the data directory", -first, -FORMAT);
      }
      return new Parts(part(in), part(in), part(in), part(in));
    }

    private static byte[] part(ByteBuffer in) {
      byte[] part = new byte[in.getInt()];
      in.get(part);
      return part;
    }
  }
}
