package dev.leat.trials;

import dev.leat.event.Balance;
import dev.leat.trials.SimShop.Event;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    Map<Long, SimRow> byOffset = new HashMap<>();
    Map<String, SimRow> stored = new HashMap<>();
    for (SimRow row : rows) {
      if (row.table().equals(SUPERSEDED)) {
        continue;
      }
      SimRow twice = byOffset.put(row.offset(), row);
      require(twice == null, "offset %d has two rows: %s and %s", row.offset(), row, twice);
      if (row.table().equals("orders") || row.table().equals("meters")) {
        String name = row.table() + ' ' + row.text("source") + ' ' + row.text("id");
        SimRow copy = stored.put(name, row);
        require(copy == null, "%s is stored twice: %s and %s", name, row, copy);
      }
    }
    acknowledged.below(below).forEach((offset, event) -> present(byOffset, offset, event));
    for (SimRow row : byOffset.values()) {
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
    return byOffset;
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
