package dev.leat.engine;

import dev.leat.engine.Ledger.StreamCounts;
import dev.leat.event.Balance;
import dev.leat.event.Balance.Totals;
import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import dev.leat.event.SystemTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Draws the balance from three sides that know nothing of each other: the offsets of the log, the
 * verdicts committed with the position, and the rows that the tables really have. Any thread.
 */
final class BalanceSheet {
  /** Tries to see ledger and tables at the same offset; under load they meet within a few. */
  private static final int TRIES = 200;

  private final EventLog log;
  private final EventStore store;
  private final Supplier<Ledger> ledgers;

  BalanceSheet(EventLog log, EventStore store, Supplier<Ledger> ledgers) {
    this.log = log;
    this.store = store;
    this.ledgers = ledgers;
  }

  /** The balance as of now. */
  Balance draw() {
    Ledger ledger = ledgers.get();
    EventStore.Tally tally = store.tally();
    for (int i = 0; i < TRIES && tally.nextOffset() != ledger.position(); i++) {
      Thread.onSpinWait();
      ledger = ledgers.get();
      tally = store.tally();
    }
    boolean comparable = tally.nextOffset() == ledger.position();
    return draw(ledger, tally, comparable, Math.max(log.nextOffset(), ledger.position()));
  }

  private static Balance draw(
      Ledger ledger, EventStore.Tally tally, boolean comparable, long nextOffset) {
    long inFlight = nextOffset - ledger.position();
    Map<String, Totals> streams = new HashMap<>();
    List<String> wrong = new ArrayList<>();
    long stored = 0;
    long duplicates = 0;
    long deadLettered = 0;
    long filtered = 0;
    long letters = 0;
    for (Map.Entry<String, StreamCounts> entry : ledger.streams().entrySet()) {
      String stream = entry.getKey();
      StreamCounts counts = entry.getValue();
      long rows = comparable ? tally.rows().getOrDefault(stream, 0L) : counts.stored();
      if (rows != counts.stored()) {
        wrong.add(
            "the table %s has had %d rows, %d events were stored there"
                .formatted(stream, rows, counts.stored()));
      }
      streams.put(
          stream,
          new Totals(
              rows + counts.duplicates() + counts.open() + counts.filtered(),
              rows,
              counts.duplicates(),
              counts.open(),
              counts.filtered(),
              0));
      stored += rows;
      duplicates += counts.duplicates();
      deadLettered += counts.open();
      filtered += counts.filtered();
      letters += counts.deadLettered();
    }
    if (comparable) {
      compare(SystemTable.DEAD_LETTERS, letters, tally, wrong);
      compare(SystemTable.DISCARDED, duplicates + filtered, tally, wrong);
    }
    Totals total =
        new Totals(
            ledger.events() + ledger.lost() + inFlight,
            stored,
            duplicates,
            deadLettered,
            filtered,
            inFlight);
    if (total.gap() != ledger.lost()) {
      wrong.add(
          "of %d events accepted, %d are not where they should be"
              .formatted(total.accepted(), total.gap()));
    }
    if (ledger.lost() > 0) {
      wrong.add("%d events can't be read from the log any more".formatted(ledger.lost()));
    }
    return new Balance(
        ledger.position(),
        total,
        streams,
        ledger.lost(),
        wrong.isEmpty(),
        String.join("; ", wrong));
  }

  private static void compare(
      SystemTable table, long verdicts, EventStore.Tally tally, List<String> wrong) {
    long rows = tally.rows().getOrDefault(table.tableName(), 0L);
    if (rows != verdicts) {
      wrong.add(
          "the table %s has had %d rows, there were %d such verdicts"
              .formatted(table.tableName(), rows, verdicts));
    }
  }
}
