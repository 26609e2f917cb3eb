package dev.leat.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.leat.collector.Submission.Form;
import dev.leat.event.EventDraft;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyRuleTest {
  @Test
  void theKeyOfTheDefinitionIsWrittenWithTheEvent() {
    Submitting door = new Submitting(CollectorOptions.defaults(), KeyRuleTest::keyByData);
    Outcome outcome =
        door.submit(
            Form.LINES,
            """
            {"specversion":"1.0","id":"1","source":"/s","type":"t","data":{"a":1}}
            {"specversion":"1.0","id":"2","source":"/s","type":"t","partitionkey":"own"}
            {"specversion":"1.0","id":"3","source":"/s","type":"t","subject":"x"}
            """);
    assertInstanceOf(Outcome.Kept.class, outcome);
    assertEquals(
        List.of(Optional.of("{\"a\":1}"), Optional.of("own"), Optional.empty()),
        door.log.events().stream().map(SeenEvent::partitionKey).toList());
  }

  private static void keyByData(EventDraft draft) {
    if (!draft.partitionKey.isPresent() && draft.data.isPresent()) {
      draft.partitionKey.set(draft.data.toBytes());
    }
  }
}
