package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventStore;
import dev.leat.pipeline.AggregatesCut;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckpointTest {
  private static final byte[] STATE = {1, 2, 3};
  private static final byte[] MEMORY = {4, 5};

  @Test
  void partsComeBackAsTheyWere() {
    Checkpoint checkpoint =
        new Checkpoint(
            new EventStore.Cut(List.of(), 0, Map.of()),
            new StateCut(1, 0, List.of()),
            new AggregatesCut(1, new byte[] {7}, List.of()),
            STATE);
    Checkpoint.Parts parts =
        Checkpoint.Parts.of(checkpoint.encode(MEMORY, new byte[] {6, 6, 6, 6}));
    assertArrayEquals(STATE, parts.state());
    assertArrayEquals(MEMORY, parts.memory());
    assertArrayEquals(new byte[] {6, 6, 6, 6}, parts.cells());
    assertArrayEquals(new byte[] {7}, parts.metrics());
  }

  @Test
  void aDirectoryFromBeforeThereWereMetricsOpens() {
    byte[] old = ByteBuffer.allocate(9).putInt(3).put(STATE).put(MEMORY).array();
    Checkpoint.Parts parts = Checkpoint.Parts.of(old);
    assertArrayEquals(STATE, parts.state());
    assertArrayEquals(MEMORY, parts.memory());
    assertEquals(0, parts.cells().length);
    assertEquals(0, parts.metrics().length);
    assertEquals(0, Checkpoint.Parts.of(new byte[0]).state().length);
  }

  @Test
  void oneOfANewerVersionIsRefusedWithAHint() {
    byte[] newer = ByteBuffer.allocate(8).putInt(-3).array();
    String message =
        assertThrows(IllegalStateException.class, () -> Checkpoint.Parts.of(newer)).getMessage();
    assertTrue(message.contains("format 3") && message.contains("format 2"), message);
  }
}
