package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.EventLayout;
import dev.leat.event.Replay;
import dev.leat.testkit.Seeds;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ControlRecordTest {
  @Test
  void whatIsWrittenIsReadAgain() {
    Seeds.run(50, (seed, chance) -> check(draw(chance)));
  }

  @Test
  void aDefinitionKeepsItsBytes() {
    byte[] bytes = {0, 1, -1, 127, -128};
    ControlRecord.Define read =
        assertInstanceOf(ControlRecord.Define.class, roundTrip(new ControlRecord.Define(bytes)));
    assertArrayEquals(bytes, read.definition());
  }

  @Test
  void aRecordOfANewerVersionIsRefusedWithAHint() {
    EventDraft draft = new EventDraft();
    new ControlRecord.Define(new byte[0]).write(draft, 1);
    draft.type.set("leat.unheard-of");
    String message =
        assertThrows(IllegalStateException.class, () -> ControlRecord.read(cursor(draft)))
            .getMessage();
    assertTrue(message.contains("leat.unheard-of") && message.contains("newer"), message);
  }

  private static void check(ControlRecord record) {
    assertEquals(record, roundTrip(record));
  }

  private static ControlRecord roundTrip(ControlRecord record) {
    EventDraft draft = new EventDraft();
    record.write(draft, 5);
    EventCursor event = cursor(draft);
    assertEquals(EventLayout.KIND_CONTROL, event.kind());
    return ControlRecord.read(event);
  }

  private static EventCursor cursor(EventDraft draft) {
    EventBatch.Writer writer = new EventBatch.Writer(16);
    writer.add(draft);
    EventCursor event = new EventCursor();
    event.reset(writer.batch());
    assertTrue(event.next());
    return event;
  }

  private static ControlRecord draw(RandomGenerator chance) {
    return switch (chance.nextInt(4)) {
      case 0 ->
          new ControlRecord.BeginReplay(chance.nextLong(), request(chance), chance.nextLong());
      case 1 ->
          new ControlRecord.Resend(
              chance.nextLong(), chance.nextLong(), chance.nextInt(), "stream" + chance.nextInt());
      case 2 -> new ControlRecord.Tick();
      default ->
          new ControlRecord.EndReplay(
              chance.nextLong(),
              List.of(Replay.State.values()).get(chance.nextInt(Replay.State.values().length)),
              "ä".repeat(chance.nextInt(70_000)));
    };
  }

  static Replay.Request request(RandomGenerator chance) {
    return new Replay.Request(
        new Replay.Filter(
            text(chance),
            text(chance),
            text(chance),
            text(chance),
            text(chance),
            text(chance),
            text(chance),
            number(chance),
            number(chance),
            number(chance),
            number(chance)),
        chance.nextBoolean(),
        text(chance),
        chance.nextInt(1_000),
        chance.nextLong());
  }

  private static @Nullable String text(RandomGenerator chance) {
    return chance.nextBoolean() ? null : "text ☃ " + chance.nextInt();
  }

  private static @Nullable Long number(RandomGenerator chance) {
    return chance.nextBoolean() ? null : chance.nextLong();
  }
}
