package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.leat.engine.EngineMeasures.Failing;
import dev.leat.engine.Ledger.StreamCounts;
import dev.leat.event.Threads;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineCountsTest {
  @Test
  void onlySoManyCausesAreToldApartAndNoneIsLost() {
    EngineCounts counts = new EngineCounts(Threads.real());
    for (int i = 0; i < 1_000; i++) {
      counts.deadLettered("stage", "reason" + i);
    }
    counts.deadLettered("stage", "reason0");
    Map<Failing, Long> told = counts.measures(Map.of(), 0).deadLetters();
    assertEquals(EngineCounts.MAX_CAUSES + 1, told.size());
    assertEquals(1_001, told.values().stream().mapToLong(Long::longValue).sum());
    assertEquals(2, told.get(new Failing("stage", "reason0")));
    assertEquals(1_000 - EngineCounts.MAX_CAUSES, told.get(Failing.OTHER));
  }

  @Test
  void onlyWhatCameSinceTheStartCounts() {
    Ledger before = ledger(Map.of("a", new StreamCounts(10, 1, 2, 0, 3)));
    Ledger now =
        ledger(Map.of("a", new StreamCounts(15, 1, 4, 1, 3), "b", new StreamCounts(1, 0, 0, 0, 0)));
    EngineMeasures measures = new EngineCounts(Threads.real()).measures(now.since(before), 7);
    assertEquals(
        Map.of(
            "a", new EngineMeasures.Verdicts(5, 0, 2, 1, 0),
            "b", new EngineMeasures.Verdicts(1, 0, 0, 0, 0)),
        measures.streams());
    assertEquals(7, measures.uncommittedBytes());
  }

  private static Ledger ledger(Map<String, StreamCounts> streams) {
    return new Ledger(0, 0, 0, 0, streams);
  }
}
