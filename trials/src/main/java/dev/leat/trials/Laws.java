package dev.leat.trials;

import dev.leat.event.Balance;
import dev.leat.trials.SimShop.Event;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold of the rows, whatever happened. */
final class Laws {
  private static final String DISCARDED = "discarded";
  private static final String SUPERSEDED = "superseded";

  private Laws() {}

  @SuppressWarnings("AnnotateFormatMethod") // That needs a library.
  static void require(boolean holds, String otherwise, @Nullable Object... values) {
    if (!holds) {
      throw new AssertionError(otherwise.formatted(values));
    }
  }

  /** Every event once: what was acknowledged below an offset is there, and nothing is twice. */
  static Map<Long, SimRow> rows(List<SimRow> rows, Acknowledged acknowledged, long below) {
    Map<Long, SimRow> byOffset = kept(rows, acknowledged, below);
    copies(byOffset);
    return byOffset;
  }

  /** What was acknowledged below an offset is there, and no offset has two rows. */
  static Map<Long, SimRow> kept(List<SimRow> rows, Acknowledged acknowledged, long below) {
    Map<Long, SimRow> byOffset = new HashMap<>();
    for (SimRow row : rows) {
      if (!row.table().equals(SUPERSEDED)) {
        SimRow twice = byOffset.put(row.offset(), row);
        require(twice == null, "offset %d has two rows: %s and %s", row.offset(), row, twice);
      }
    }
    acknowledged.below(below).forEach((offset, event) -> present(byOffset, offset, event));
    return byOffset;
  }

  /** No event is stored twice, and what is called a duplicate is one. */
  private static void copies(Map<Long, SimRow> byOffset) {
    Map<String, SimRow> stored = new HashMap<>();
    for (SimRow row : byOffset.values()) {
      if (row.table().equals("orders") || row.table().equals("meters")) {
        String name = row.table() + ' ' + row.text("source") + ' ' + row.text("id");
        SimRow copy = stored.put(name, row);
        require(copy == null, "%s is stored twice: %s and %s", name, row, copy);
      }
      if (row.table().equals(DISCARDED) && row.text("data.verdict").equals("duplicate")) {
        SimRow first = byOffset.get(row.number("data.first_offset"));
        require(
            first != null
                && first.text("id").equals(row.text("id"))
                && !first.table().equals(DISCARDED),
            "%s is called a duplicate, and the first is %s",
            row,
            first);
      }
    }
  }

  private static void present(Map<Long, SimRow> byOffset, long offset, Event event) {
    SimRow row = byOffset.get(offset);
    require(row != null, "%s was acknowledged at %d and has no row", event, offset);
    require(
        row != null
            && row.text("id").equals(event.id())
            && row.text("source").equals(event.source()),
        "%s was acknowledged at %d, where %s is",
        event,
        offset,
        row);
  }

  /**
   * After damage: events of the log that can't be read any more are counted, no fewer than are
   * missing, and nothing else is missing. They are no longer asked for.
   */
  static void lost(List<SimRow> rows, Acknowledged acknowledged, Balance balance, Rot rot) {
    Set<Long> present = new HashSet<>();
    rows.forEach(row -> present.add(row.offset()));
    int missing = acknowledged.forgetUnless(present::contains);
    require(
        missing == 0 || (rot.ofLog() && missing <= balance.lost()),
        "%d events are missing after %s, and %s",
        missing,
        rot,
        balance);
    require(
        balance.total().gap() == balance.lost()
            && balance.total().accepted() == present.size() + balance.lost()
            && balance.balanced() == (balance.lost() == 0),
        "%d rows after %s, and %s",
        present.size(),
        rot,
        balance);
  }

  /** The balance adds up. */
  static void balance(Balance balance) {
    require(balance.balanced() && balance.detail().isEmpty(), "the balance: %s", balance);
    Balance.Totals total = balance.total();
    require(
        total.gap() == 0
            && total.stored() >= 0
            && total.duplicates() >= 0
            && total.deadLettered() >= 0
            && total.filtered() >= 0
            && total.inFlight() >= 0,
        "the balance: %s",
        balance);
  }

  /** Nothing is in flight, and the balance counts the rows. */
  static void counted(Balance balance, Map<Long, SimRow> rows) {
    balance(balance);
    require(
        balance.total().accepted() == rows.size() && balance.total().inFlight() == 0,
        "%d rows, and %s",
        rows.size(),
        balance);
  }
}
