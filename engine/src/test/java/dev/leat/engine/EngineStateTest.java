package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Replay;
import dev.leat.pipeline.Verdict;
import dev.leat.testkit.Seeds;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class EngineStateTest {
  @Test
  void aStateIsTheSameAfterEncoding() {
    Seeds.run(
        30,
        (seed, chance) -> {
          EngineState state = new EngineState();
          for (int i = chance.nextInt(200); i > 0; i--) {
            change(state, chance, i);
          }
          EngineState read = EngineState.decode(state.encode());
          assertEquals(state.ledger(7), read.ledger(7));
          assertEquals(state.jobs(), read.jobs());
          assertEquals(
              state.definitions().stream().map(InForce::version).toList(),
              read.definitions().stream().map(InForce::version).toList());
        });
  }

  private static void change(EngineState state, RandomGenerator chance, long offset) {
    Verdict verdict = List.of(Verdict.values()).get(chance.nextInt(Verdict.values().length));
    String stream = "stream" + chance.nextInt(3);
    switch (chance.nextInt(6)) {
      case 0 -> state.define(offset, new byte[] {(byte) chance.nextInt(3)});
      case 1 -> state.lost(chance.nextInt(5));
      case 2 ->
          state.begin(
              new ControlRecord.BeginReplay(
                  chance.nextInt(40), ControlRecordTest.request(chance), 9),
              offset);
      case 3 ->
          state.resent(new ControlRecord.Resend(chance.nextInt(40), offset, 2, stream), verdict);
      case 4 ->
          state.end(new ControlRecord.EndReplay(chance.nextInt(40), Replay.State.DONE, "done"));
      default -> state.count(stream, verdict);
    }
  }

  @Test
  void theSameDefinitionAgainIsNoNewVersion() {
    EngineState state = new EngineState();
    assertTrue(state.define(1, new byte[] {1}));
    assertFalse(state.define(5, new byte[] {1}));
    assertTrue(state.define(9, new byte[] {2}));
    assertTrue(state.define(12, new byte[] {1}));
    assertEquals(List.of(1L, 2L, 3L), state.definitions().stream().map(InForce::version).toList());
  }

  @Test
  void definitionsGoWhenNoEventOfTheLogNeedsThem() {
    EngineState state = new EngineState();
    state.define(0, new byte[] {1});
    state.define(10, new byte[] {2});
    state.define(20, new byte[] {3});
    state.forgetBelow(9);
    assertEquals(3, state.definitions().size());
    state.forgetBelow(10);
    assertEquals(2, state.definitions().size());
    state.forgetBelow(1_000);
    assertEquals(List.of(3L), state.definitions().stream().map(InForce::version).toList());
  }

  @Test
  void aStateOfANewerVersionIsRefusedWithAHint() {
    byte[] bytes = new EngineState().encode();
    bytes[3]++;
    String message =
        assertThrows(IllegalStateException.class, () -> EngineState.decode(bytes)).getMessage();
    assertTrue(message.contains("format 2"), message);
  }
}
