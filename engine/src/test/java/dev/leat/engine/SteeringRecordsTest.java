package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.Replay;
import dev.leat.testkit.Events;
import dev.leat.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a second view must not be steered by is taken back, and nothing else changes. */
class SteeringRecordsTest {
  private static final byte[] DEFINITION = {1, 2, 3};

  private final SteeringRecords records = new SteeringRecords();
  private final EventDraft draft = new EventDraft();

  @Test
  void definitionsAreFoundInTheirOrder() {
    byte[] other = {9};
    EventBatch batch =
        batch(
            new ControlRecord.Tick(),
            new ControlRecord.Define(DEFINITION),
            new ControlRecord.Define(other));
    List<byte[]> found = records.definitions(batch);
    assertEquals(2, found.size());
    assertArrayEquals(DEFINITION, found.get(0));
    assertArrayEquals(other, found.get(1));
  }

  @Test
  void whatSteersTheFirstViewIsWithdrawnWhereItStands() {
    EventBatch batch =
        batch(
            new ControlRecord.Define(DEFINITION),
            new ControlRecord.Resend(1, 99, 2, "orders"),
            new ControlRecord.Resend(1, 100, 2, "orders"),
            new ControlRecord.EndReplay(1, Replay.State.DONE, ""),
            new ControlRecord.Tick());
    int before = batch.length();
    assertTrue(records.withdraw(batch, 100));
    assertEquals(before, batch.length());
    List<ControlRecord> read = read(batch);
    assertEquals(new ControlRecord.Withdrawn(), read.get(0));
    assertEquals(new ControlRecord.Withdrawn(), read.get(1));
    assertEquals(new ControlRecord.Resend(1, 100, 2, "orders"), read.get(2));
    assertEquals(new ControlRecord.Withdrawn(), read.get(3));
    assertInstanceOf(ControlRecord.Tick.class, read.get(4));
    assertFalse(records.withdraw(batch, 100), "once is enough");
    assertEquals(List.of(), records.definitions(batch));
  }

  @Test
  void eventsAreLeftAsTheyAre() {
    EventBatch batch = new Events(Seeds.chance(3)).batch(20, 100);
    List<byte[]> before = Events.records(batch);
    assertFalse(records.withdraw(batch, Long.MAX_VALUE));
    List<byte[]> after = Events.records(batch);
    for (int i = 0; i < before.size(); i++) {
      assertArrayEquals(before.get(i), after.get(i));
    }
  }

  @Test
  void aStateThatBeginsInTheMiddleHasItsDefinitionAndOwesNoEvent() {
    CommittedState state = CommittedState.of(CommittedState.beginningAt(1_000, DEFINITION));
    assertTrue(state.files().isEmpty());
    assertEquals(0, state.lost());
    assertEquals(1_000, state.definitions().getFirst().from());
    assertArrayEquals(DEFINITION, state.definitions().getFirst().definition());
    EngineState decoded =
        EngineState.decode(
            Checkpoint.Parts.of(CommittedState.beginningAt(1_000, DEFINITION)).state());
    assertEquals(0, decoded.ledger(1_000).events());
    assertEquals(7, decoded.ledger(1_007).events());
  }

  private EventBatch batch(ControlRecord... all) {
    EventBatch.Writer writer = new EventBatch.Writer(256);
    for (ControlRecord record : all) {
      record.write(draft, 5);
      writer.add(draft);
    }
    return writer.batch();
  }

  private static List<ControlRecord> read(EventBatch batch) {
    List<ControlRecord> read = new ArrayList<>();
    EventCursor cursor = new EventCursor();
    cursor.reset(batch);
    while (cursor.next()) {
      read.add(ControlRecord.read(cursor));
    }
    return read;
  }
}
