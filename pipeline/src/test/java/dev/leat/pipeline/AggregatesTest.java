package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Metrics;
import dev.leat.pipeline.Aggregates.Mark;
import dev.leat.pipeline.MetricRows.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How events of different lateness find their windows. Times are seconds. */
class AggregatesTest {
  private static final String STREAM =
      """
      streams:
        - {name: events, time: {disorder: 2s, idle: 30s, ahead: 1m}}
      metrics:
      """;
  private static final String TUMBLING =
      STREAM
          + "  - {name: m, from: events, window: {tumbling: 10s}, by: [data.k], lateness: 20s,"
          + " measures: {n: count()}}\n";
  private static final String SESSIONS =
      STREAM
          + "  - {name: m, from: events, window: {session: 5s, key: data.k}, lateness: 20s,"
          + " measures: {n: count()}}\n";

  private final MetricRows rows = new MetricRows();
  private CommittedCells committed = new CommittedCells();
  private List<MetricPlan> plans = MetricRows.plans(TUMBLING);
  private Aggregates metrics = rows.restore(new byte[0], committed, plans);

  private void sessions() {
    use(SESSIONS);
  }

  private void use(String yaml) {
    plans = MetricRows.plans(yaml);
    committed = new CommittedCells();
    metrics = rows.restore(new byte[0], committed, plans);
  }

  private MetricPlan metric() {
    return plans.getFirst();
  }

  private long id() {
    return metric().id();
  }

  /** An event of the series {@code a} that is received when it happens. */
  private void event(double time) {
    event(time, time, "a");
  }

  private void event(double time, double received, String label) {
    rows.add(Event.of(time, received, "{\"k\":\"%s\"}".formatted(label)), metrics);
  }

  /** Says that log time has come so far without an event. */
  private void tick(double received) {
    metrics.advance(MetricRows.micros(received));
  }

  private byte[] commit() {
    AggregatesCut cut = metrics.cut();
    committed.apply(cut);
    metrics.committed(cut.number());
    return cut.header();
  }

  /** Slices as {@code start label=count}, with {@code +late}; sessions with their start. */
  private String results() {
    CellLayout layout = metric().layout(rows.schema);
    return results(committed.view(metric(), layout, metrics));
  }

  private String results(NavigableMap<Long, Cells> buckets) {
    CellLayout layout = metric().layout(rows.schema);
    List<String> all = new ArrayList<>();
    buckets.forEach(
        (bucket, cells) -> {
          for (int slot : cells.sorted()) {
            byte[] key = cells.key(slot);
            String time =
                metric().isSession()
                    ? seconds(cells.first(slot)) + "-" + seconds(cells.last(slot))
                    : seconds(bucket);
            String late = cells.late(slot) == 0 ? "" : "+" + cells.late(slot);
            all.add(
                "%s %s=%s%s"
                    .formatted(
                        time,
                        SeriesKey.labels(key, 1).getFirst(),
                        layout.value(0, cells, slot, 1, null),
                        late));
          }
        });
    return String.join(", ", all);
  }

  private static String seconds(long micros) {
    return Long.toString(micros / 1_000_000);
  }

  private @Nullable Long watermark() {
    Long micros = metrics.watermark(id());
    return micros == null ? null : micros / 1_000_000;
  }

  private List<String> marks() {
    return metrics.marks().stream()
        .map(
            mark ->
                switch (mark) {
                  case Mark.Bucket it -> seconds(it.bucket()) + "@" + it.position();
                  case Mark.Session it ->
                      "%s %s@%d"
                          .formatted(
                              SeriesKey.labels(it.series(), 1).getFirst(),
                              seconds(it.time()),
                              it.position());
                  case Mark.Corrected it ->
                      "%s %d@%d".formatted(it.stream(), it.target(), it.position());
                })
        .toList();
  }

  @Test
  void eventsAreCountedInTheSliceOfTheirTime() {
    assertNull(watermark());
    event(100);
    event(109, 109, "b");
    event(110);
    event(105, 110, "b");
    assertEquals("100 a=1, 100 b=2, 110 a=1", results());
    assertEquals(108, watermark());
    assertEquals(4, metrics.counts(id()).counted());
  }

  @Test
  void anEventBehindTheWatermarkIsLateAndCountsTillTheWindowIsFinal() {
    event(100);
    event(112);
    event(109, 112, "a");
    assertEquals("100 a=2+1, 110 a=1", results(), "110 closes what ends at it");
    event(131.9);
    event(100, 131.9, "a");
    assertEquals("100 a=3+2, 110 a=1, 130 a=1", results());
    event(132);
    event(100, 132, "a");
    assertEquals("100 a=3+2, 110 a=1, 130 a=2", results(), "130 is ten and twenty after 100");
    assertEquals(List.of("100@6"), marks());
    Metrics.Counts counts = metrics.counts(id());
    assertEquals(
        List.of(4L, 2L, 1L, 1L),
        List.of(counts.counted(), counts.late(), counts.tooLate(), counts.pending()));
    assertEquals(List.of(3L, 0L, 0L, 0L), counts.lateUpTo());
  }

  @Test
  void anEventAheadOfItsReceptionMovesNothingAndWaits() {
    event(100);
    event(161.5, 101, "a");
    assertEquals("100 a=1", results());
    assertEquals(98, watermark());
    assertEquals(List.of("160@1"), marks());
    event(161, 101, "a");
    assertEquals(159, watermark(), "just not ahead");
    assertEquals(1, metrics.counts(id()).ahead());
  }

  @Test
  void whereAStreamIsSilentTheWatermarkGoesOnWithLogTime() {
    event(100);
    assertTrue(metrics.isWaiting());
    tick(129);
    assertEquals(98, watermark());
    tick(130);
    assertEquals(128, watermark());
    assertFalse(metrics.isWaiting(), "110 has passed");
    tick(140);
    assertEquals(138, watermark());
    event(139, 141, "a");
    assertEquals(139, watermark(), "it came with silence, which ends");
    tick(160);
    assertEquals(139, watermark());
  }

  @Test
  void whatIsOverTheCapSharesOneSeries() {
    use(TUMBLING.replace("lateness", "series: 2, lateness"));
    for (String label : List.of("a", "b", "c", "a", "d")) {
      event(100, 100, label);
    }
    assertEquals("100 a=2, 100 b=1, 100 __other__=2", results());
    assertEquals(2, metrics.counts(id()).overflow());
  }

  @Test
  void whatIsFinalIsCommittedWholeAndLeavesMemory() {
    event(100);
    event(105);
    commit();
    event(132);
    AggregatesCut cut = metrics.cut();
    assertEquals(
        List.of("100 true", "130 false"),
        cut.changes().stream()
            .map(change -> seconds(change.bucket()) + " " + change.whole())
            .toList());
    committed.apply(cut);
    assertEquals("100 a=2, 130 a=1", results(live()));
    metrics.committed(cut.number());
    assertEquals("130 a=1", results(live()));
    assertEquals("100 a=2, 130 a=1", results());
    assertTrue(metrics.cut().changes().isEmpty());
  }

  private NavigableMap<Long, Cells> live() {
    return Objects.requireNonNull(metrics.live(id(), Long.MIN_VALUE, Long.MAX_VALUE));
  }

  @Test
  void anotherLifeGoesOnWhereTheCommitEnded() {
    event(100);
    event(112);
    byte[] header = commit();
    event(109, 112, "a");
    metrics = rows.restore(header, committed, plans);
    assertEquals("100 a=1, 110 a=1", results());
    assertEquals(110, watermark());
    event(108, 112, "a");
    assertEquals("100 a=2+1, 110 a=1", results());
    assertEquals(1, metrics.counts(id()).late());
  }

  @Test
  void aDefinitionThatChangesOtherThingsLeavesMetricsGoingOn() {
    event(100);
    plans = MetricRows.plans(TUMBLING.replace("lateness: 20s", "lateness: 1h"));
    metrics.use(plans, _ -> rows.schema);
    event(101);
    assertEquals("100 a=2", results());
    metrics.use(List.of(), _ -> rows.schema);
    event(102);
    assertNull(metrics.live(id(), 0, Long.MAX_VALUE));
    commit();
    metrics.use(plans, _ -> rows.schema);
    event(103);
    assertEquals("100 a=3", results(), "what came meanwhile is not counted");
  }

  @Test
  void correctionsAreMarkedForTheirStream() {
    event(100);
    metrics.of("events").corrected(0, 7);
    metrics.of("events").corrected(0, 5);
    metrics.of("unheard-of").corrected(0, 5);
    assertEquals(List.of("events 0@7"), marks());
    assertEquals(1, metrics.counts(id()).pending());
    metrics.settle(List.of(new Mark.Corrected("events", 0, 6)));
    assertEquals(List.of("events 0@7"), marks(), "made since");
    metrics.settle(metrics.marks());
    assertEquals(List.of(), marks());
    assertEquals(0, metrics.counts(id()).pending());
  }

  @Test
  void correctionsWaitUnseenUntilAMetricOfTheirStreamIsInForce() {
    event(100);
    metrics.of("events").corrected(0, 7);
    byte[] header = commit();
    metrics = Aggregates.restore(header, committed);
    assertEquals(List.of(), marks(), "nothing is in force yet");
    metrics.settle(metrics.marks());
    metrics.use(plans, _ -> rows.schema);
    assertEquals(List.of("events 0@7"), marks());
    metrics.use(List.of(), _ -> rows.schema);
    assertEquals(List.of(), marks());
    metrics.use(plans, _ -> rows.schema);
    assertEquals(List.of("events 0@7"), marks());
  }

  @Test
  void aSliceFromRowsTakesThePlaceAndWhatCameMeanwhileIsAdded() {
    event(100);
    event(150);
    commit();
    event(101, 150, "a");
    assertEquals("100 a=1, 150 a=1", results());
    long until = rows.size();
    metrics.rotate(id(), List.of(MetricRows.micros(100), MetricRows.micros(150)));
    event(151);
    NavigableMap<Long, Cells> anew = rows.batch(metric(), until).finish();
    anew.forEach((bucket, cells) -> metrics.replace(id(), bucket, cells));
    assertEquals("100 a=2+1, 150 a=2", results(), "100 was closed, which is a revision");
    commit();
    assertEquals("150 a=2", results(live()));
    assertEquals("100 a=2+1, 150 a=2", results());
  }

  @Test
  void aSliceFromTheFutureIsParkedInTheCommitsTillEventsComeThatFar() {
    event(100);
    event(180, 101, "a");
    metrics.rotate(id(), List.of(MetricRows.micros(180)));
    metrics.replace(
        id(), MetricRows.micros(180), rows.batch(metric(), 2).finish().lastEntry().getValue());
    metrics.settle(metrics.marks());
    byte[] header = commit();
    assertEquals("100 a=1", results(live()));
    assertEquals("100 a=1, 180 a=1", results());
    event(150);
    assertEquals("100 a=1, 150 a=1", results(live()));
    event(200);
    assertEquals("100 a=1, 150 a=1, 180 a=1, 200 a=1", results(live()), "and is there before 200");
    event(185, 200, "a");
    assertEquals("100 a=1, 150 a=1, 180 a=2+1, 200 a=1", results());
    metrics = rows.restore(header, committed, plans);
    event(185);
    assertEquals("100 a=1, 180 a=2", results());
  }

  @Test
  void aSliceWithoutRowsIsGone() {
    event(100);
    event(150);
    commit();
    long bucket = MetricRows.micros(100);
    metrics.rotate(id(), List.of(bucket));
    metrics.replace(id(), bucket, new Cells(metric().layout(rows.schema), 1));
    commit();
    assertEquals("150 a=1", results());
  }

  @Test
  void eventsWithinTheGapAreOneSession() {
    sessions();
    event(100);
    event(105);
    event(110.5);
    event(107, 110, "b");
    assertEquals("100-105 a=2, 107-107 b=1, 110-110 a=1", order(results()));
    event(106, 111, "a");
    assertEquals("100-110 a=4, 107-107 b=1", order(results()));
  }

  private static String order(String results) {
    return String.join(", ", List.of(results.split(", ")).stream().sorted().toList());
  }

  @Test
  void sessionsThatBecomeOneLeaveNoCellBehind() {
    sessions();
    event(3595);
    event(3601);
    commit();
    assertEquals("3595-3595 a=1, 3601-3601 a=1", results());
    event(3598, 3601, "a");
    assertEquals("3595-3601 a=3", results());
    commit();
    assertEquals("3595-3601 a=3", results());
    event(3592, 3602, "a");
    assertEquals("3592-3601 a=4+1", results(), "a session of its own would be closed");
  }

  @Test
  void aSessionTakesLateEventsTillNoneCanTouchIt() {
    sessions();
    event(100);
    event(131.5, 131.5, "b");
    event(105, 131.5, "a");
    assertEquals("100-105 a=2+1, 131-131 b=1", results());
    event(136.9, 136.9, "b");
    event(99, 137, "a");
    assertEquals(
        "99-105 a=3+2, 131-131 b=1, 136-136 b=1", results(), "too late by itself, but it touches");
    assertEquals(List.of("a 99@4"), marks(), "and may touch what is settled");
    event(110, 137, "a");
    event(137.5, 137.5, "b");
    event(101, 137.5, "a");
    event(100, 137.5, "c");
    assertEquals("99-110 a=5+4, 131-131 b=1, 136-137 b=2", results());
    assertEquals(List.of("a 99@4", "c 100@8"), marks());
  }

  @Test
  void aSettledSessionLeavesMemoryWithACommit() {
    sessions();
    event(100);
    commit();
    event(140, 140, "b");
    AggregatesCut cut = metrics.cut();
    committed.apply(cut);
    assertEquals(2, live().firstEntry().getValue().size());
    metrics.committed(cut.number());
    assertEquals(1, live().firstEntry().getValue().size());
    assertEquals("100-100 a=1, 140-140 b=1", results());
    metrics = rows.restore(cut.header(), committed, plans);
    assertEquals(1, live().firstEntry().getValue().size());
  }

  @Test
  void sessionsOverTheCapShareThoseOfOneSeries() {
    use(SESSIONS.replace("lateness", "series: 1, lateness"));
    event(100, 100, "a");
    event(101, 101, "b");
    event(102, 102, "c");
    event(103, 103, "a");
    assertEquals("100-103 a=2, 101-102 __other__=2", results());
    assertEquals(2, metrics.counts(id()).overflow());
  }

  @Test
  void aTooLateEventJoinsOldSessionsWhenTheyAreComputedAnew() {
    sessions();
    event(3596);
    event(3604);
    event(3640, 3640, "b");
    commit();
    event(3600, 3640, "a");
    commit();
    assertEquals("3596-3596 a=1, 3604-3604 a=1, 3640-3640 b=1", results());
    assertEquals(List.of("a 3600@3"), marks());
    Mark.Session mark = (Mark.Session) metrics.marks().getFirst();
    long until = rows.size();
    metrics.rotateSessions(
        id(), MetricRows.micros(3590), MetricRows.micros(3620), List.of(mark.series()));
    event(3641, 3641, "b");
    assertEquals(
        0,
        metrics
            .replaceSessions(
                id(),
                rows.batch(metric(), until).finish(),
                SessionParts.all(MetricRows.micros(3590), MetricRows.micros(3620)))
            .size());
    metrics.abandon(id());
    metrics.settle(List.of(mark));
    assertEquals("3596-3604 a=3+1, 3640-3641 b=2", results());
    byte[] header = commit();
    assertEquals("3596-3604 a=3+1, 3640-3641 b=2", results());
    metrics = rows.restore(header, committed, plans);
    assertEquals("3596-3604 a=3+1, 3640-3641 b=2", results());
  }

  @Test
  void aSessionThatGrowsOverTheEdgeIsNotReplaced() {
    sessions();
    event(100);
    event(108);
    long until = rows.size();
    metrics.rotateSessions(id(), MetricRows.micros(90), MetricRows.micros(106), null);
    event(104);
    assertEquals(
        1,
        metrics
            .replaceSessions(
                id(),
                rows.batch(metric(), until).finish(),
                SessionParts.all(MetricRows.micros(90), MetricRows.micros(106)))
            .size());
    assertEquals("100-108 a=3+1", results());
  }

  @Test
  void aSessionThatARetractionSplitsIsReplacedByItsParts() {
    sessions();
    event(100);
    event(104);
    event(108);
    metrics.rotateSessions(id(), Long.MIN_VALUE, Long.MAX_VALUE, null);
    event(109);
    MetricRows without = new MetricRows();
    Aggregates other = without.begin(plans);
    without.add(Event.of(100, 100, "{\"k\":\"a\"}"), other);
    without.add(Event.of(108, 108, "{\"k\":\"a\"}"), other);
    metrics.replaceSessions(
        id(),
        without.batch(metric(), 2).finish(),
        SessionParts.all(Long.MIN_VALUE, Long.MAX_VALUE));
    assertEquals("100-100 a=1+1, 108-109 a=2", results());
    commit();
    assertEquals("100-100 a=1+1, 108-109 a=2", results());
  }

  @Test
  void onlyEventsThatMeetTheConditionCount() {
    use(TUMBLING.replace("by:", "where: data.k != 'b' && subject == '', by:"));
    event(100, 100, "a");
    event(100, 100, "b");
    rows.add(Event.of(100, 100, "{}"), metrics);
    assertEquals("100 a=1", results(), "and not one that can't be asked");
    assertEquals("100 a=1", results(rows.batch(metric(), 3).finish()));
  }

  @Test
  void tooManyMarksOfSessionsBecomeMarksOfTheirStretches() {
    MarkBook book = new MarkBook(2, 4);
    byte[] key = {1, 2, 3};
    for (int i = 0; i < 3; i++) {
      book.session(1, key, 1, 2, 10L * i, 100, i);
    }
    book.session(1, key, 0, 1, 50, 100, 9);
    assertEquals(List.of(new Mark.Bucket(1, 0, 9)), book.list(_ -> true, _ -> true));
    for (int i = 1; i < 5; i++) {
      book.bucket(1, 100L * i, 10 + i);
    }
    assertEquals(4, book.pending(1, "events"));
    assertEquals(1, book.lost());
  }
}
