package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.leat.event.Histogram;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StageLatenciesTest {
  @Test
  void onlyTheLastTenTurnsCount() {
    StageLatencies latencies = new StageLatencies();
    Histogram decode = Histogram.ofShortDurations();
    decode.record(9_000);
    assertEquals(
        Map.of("decode", new StageLatencies.Reading(1, 0.01, 0.01)),
        latencies.turn(Map.of("decode", decode.read())));
    for (int turn = 0; turn < 9; turn++) {
      latencies.turn(Map.of("decode", decode.read()));
    }
    decode.record(90);
    assertEquals(
        Map.of("decode", new StageLatencies.Reading(1, 0.000_1, 0.000_1)),
        latencies.turn(Map.of("decode", decode.read())));
    for (int turn = 0; turn < 9; turn++) {
      latencies.turn(Map.of("decode", decode.read()));
    }
    assertEquals(Map.of(), latencies.turn(Map.of("decode", decode.read())));
  }
}
