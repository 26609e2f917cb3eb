package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spans of sessions, against all of them one by one. */
class SessionSpansTest {
  private static final long GAP = 3;
  private static final byte[] SERIES = {7};

  private record Span(long first, long last) {
    boolean crosses(long time) {
      return first < time && last >= time;
    }
  }

  @Test
  void cutsAndStretchesLieBetweenSessions() {
    Seeds.run(
        500,
        (_, chance) -> {
          SessionSpans spans = new SessionSpans(GAP);
          List<Span> all = new ArrayList<>();
          for (int i = chance.nextInt(8); i > 0; i--) {
            long first = chance.nextInt(60);
            Span span = new Span(first, first + chance.nextInt(8));
            all.add(span);
            spans.add(SERIES, span.first(), span.last());
          }
          for (long time = -5; time < 80; time++) {
            long cut = spans.cut(SERIES, time);
            assertTrue(cut >= time);
            assertTrue(all.stream().noneMatch(span -> span.crosses(cut)));
            Stretch asked = new Stretch(time, time + 1 + chance.nextInt(9));
            Stretch around = spans.around(SERIES, asked);
            assertTrue(around.from() <= asked.from() && around.to() >= asked.to());
            assertTrue(
                all.stream()
                    .noneMatch(span -> span.crosses(around.from()) || span.crosses(around.to())));
          }
          assertEquals(42, spans.cut(new byte[] {8}, 42));
          assertFalse(all.size() > 0 && spans.series().isEmpty());
        });
  }
}
