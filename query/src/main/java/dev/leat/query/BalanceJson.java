package dev.leat.query;

import dev.leat.event.Balance;
import dev.leat.event.Balance.Totals;
import java.io.IOException;

/**
 * How a balance is told in JSON, wherever it is told. Writes members of an object that the caller
 * begins and ends.
 */
public final class BalanceJson {
  private BalanceJson() {}

  /** All streams together, and whether that adds up. */
  public static void total(JsonWriter json, Balance balance) throws IOException {
    counts(json, balance.total());
    json.field("inFlight", balance.total().inFlight())
        .field("balanced", balance.balanced())
        .field("lost", balance.lost())
        .field("gap", balance.total().gap())
        .field("detail", balance.detail());
  }

  /** What became of the events of one stream. */
  public static void counts(JsonWriter json, Totals totals) throws IOException {
    json.field("accepted", totals.accepted())
        .field("stored", totals.stored())
        .field("duplicates", totals.duplicates())
        .field("deadLettered", totals.deadLettered())
        .field("filtered", totals.filtered());
  }
}
