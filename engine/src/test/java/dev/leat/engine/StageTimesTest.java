package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Threads;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StageTimesTest {
  @Test
  void oneEventOfEachBatchIsTimedAndNotAlwaysTheSame() {
    StageTimes times = new StageTimes(Threads.real());
    Set<Integer> timed = new HashSet<>();
    for (int batch = 0; batch < 1_000; batch++) {
      times.begin(10);
      int wanted = 0;
      for (int event = 0; event < 10; event++) {
        if (times.wantsNext()) {
          wanted++;
          timed.add(event);
        }
      }
      assertEquals(1, wanted);
    }
    assertEquals(10, timed.size());
    times.begin(1);
    assertTrue(times.wantsNext());
  }

  @Test
  void whatItIsToldIsCountedByStage() {
    StageTimes times = new StageTimes(Threads.real());
    times.took("decode", 900);
    times.took("decode", 90);
    times.took("dedup", 90);
    assertEquals(2, times.read().get("decode").count());
    assertEquals(990, times.read().get("decode").sum());
    assertEquals(1, times.read().get("dedup").count());
  }
}
