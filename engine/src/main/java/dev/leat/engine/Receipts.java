package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.engine.Tables.Found;
import dev.leat.event.EventCursor;
import dev.leat.event.EventLayout;
import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import dev.leat.event.Receipt;
import dev.leat.event.Receipt.State;
import dev.leat.event.Receipt.Step;
import dev.leat.event.SystemTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where an event is: in memory where it was stored, in the tables why it was not, and in
 * the stretch of the log that nobody has decided on yet. Any thread.
 */
final class Receipts {
  private static final int MAX_STEPS = 100;

  /** How much of the log is searched for an event that was not decided on yet. */
  private static final long MAX_SEARCH_BYTES = 64L << 20;

  private final EventLog log;
  private final EventStore store;
  private final StateStore memory;
  private final Tables tables;

  Receipts(EventLog log, EventStore store, StateStore memory) {
    this.log = log;
    this.store = store;
    this.memory = memory;
    this.tables = new Tables(store);
  }

  /** The receipt; {@code streams} are those that events may have gone to. */
  Receipt find(String source, String id, Set<String> streams) throws InterruptedException {
    long visible = store.visibleOffset();
    List<Step> steps = new ArrayList<>();
    for (String stream : streams) {
      stored(stream, source, id, steps);
    }
    deadLetters(source, id, steps);
    discarded(source, id, steps);
    boolean complete = buffered(visible, source, id, steps);
    steps.sort(Comparator.comparingLong(Step::position));
    Step best = best(steps);
    return best == null
        ? new Receipt(State.UNKNOWN, null, -1, steps, complete)
        : new Receipt(best.state(), best.stream(), best.position(), steps, complete);
  }

  private void stored(String stream, String source, String id, List<Step> steps)
      throws InterruptedException {
    long position = find(stream, source, id);
    if (position >= 0) {
      steps.add(new Step(position, State.STORED, stream, ""));
      return;
    }
    // Older than the window, or a stream that remembers no ids.
    for (Found row :
        tables.ask(
            "SELECT log_offset FROM %s_history WHERE id = ? AND source = ? ORDER BY log_offset"
                .formatted(stream),
            List.of(id, source),
            MAX_STEPS)) {
      steps.add(new Step(row.number("log_offset"), State.STORED, stream, ""));
    }
  }

  private long find(String stream, String source, String id) {
    try {
      return memory.find(stream, source, id);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private void deadLetters(String source, String id, List<Step> steps) throws InterruptedException {
    for (Found row :
        tables.ask(
            "SELECT log_offset, stream, stage, reason, rule, pointer FROM "
                + SystemTable.DEAD_LETTERS.tableName()
                + "_history WHERE id = ? AND source = ? ORDER BY log_offset",
            List.of(id, source),
            MAX_STEPS)) {
      String detail =
          "%s: %s %s %s"
              .formatted(
                  row.text("stage"), row.text("reason"), row.text("rule"), row.text("pointer"));
      steps.add(
          new Step(
              row.number("log_offset"),
              State.DEAD_LETTER,
              row.textOrNull("stream"),
              detail.strip()));
    }
  }

  private void discarded(String source, String id, List<Step> steps) throws InterruptedException {
    for (Found row :
        tables.ask(
            "SELECT log_offset, stream, verdict, rule, first_offset FROM "
                + SystemTable.DISCARDED.tableName()
                + " WHERE id = ? AND source = ? ORDER BY log_offset",
            List.of(id, source),
            MAX_STEPS)) {
      boolean copy = row.text("verdict").equals("duplicate");
      steps.add(
          new Step(
              row.number("log_offset"),
              copy ? State.DUPLICATE : State.FILTERED,
              row.textOrNull("stream"),
              copy ? "a copy of " + row.number("first_offset") : "rule " + row.text("rule")));
    }
  }

  /** Searches what nobody has decided on; false if there is more of it than is searched. */
  private boolean buffered(long from, String source, String id, List<Step> steps)
      throws InterruptedException {
    byte[] wantedSource = source.getBytes(UTF_8);
    byte[] wantedId = id.getBytes(UTF_8);
    long end = log.nextOffset();
    long bytes = 0;
    EventCursor event = new EventCursor();
    try (EventLog.Cursor cursor = log.read(from)) {
      long offset = from;
      while (offset < end && bytes < MAX_SEARCH_BYTES) {
        EventLog.LoggedBatch batch = cursor.next(Duration.ZERO);
        if (batch == null) {
          return true;
        }
        offset = batch.firstOffset();
        event.reset(batch.events());
        while (event.next()) {
          if (offset >= from && is(event, wantedSource, wantedId)) {
            steps.add(new Step(offset, State.BUFFERED, null, "not decided on yet"));
          }
          offset++;
        }
        bytes += batch.events().length();
      }
      return offset >= end;
    }
  }

  private static boolean is(EventCursor event, byte[] source, byte[] id) {
    return event.kind() == EventLayout.KIND_EVENT
        && same(event.bytes(), event.idAt(), event.idLength(), id)
        && same(event.bytes(), event.sourceAt(), event.sourceLength(), source);
  }

  private static boolean same(byte[] bytes, int at, int length, byte[] wanted) {
    return Arrays.equals(bytes, at, at + length, wanted, 0, wanted.length);
  }

  /** What counts most: that it is stored, then that it may still be, then the newest verdict. */
  private static @Nullable Step best(List<Step> steps) {
    for (State wanted : List.of(State.STORED, State.BUFFERED)) {
      for (Step step : steps) {
        if (step.state() == wanted) {
          return step;
        }
      }
    }
    return steps.isEmpty() ? null : steps.getLast();
  }
}
