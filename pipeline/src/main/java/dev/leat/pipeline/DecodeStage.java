package dev.leat.pipeline;

import dev.leat.event.DataFormat;
import dev.leat.event.EventCursor;
import dev.leat.event.JsonException;
import org.jspecify.annotations.Nullable;

/**
 * Spreads the data over the columns of the row. What is not JSON stays as it was sent; only a
 * stream with a schema can't take it.
 */
final class DecodeStage implements Stage {
  private static final String NAME = "decode";

  private final Shredder shredder;
  private final boolean typed;
  private final boolean rawAlways;

  /**
   * @param typed whether the stream has a schema
   * @param rawAlways whether data is kept as it was sent even where columns say all of it
   */
  DecodeStage(Shredder shredder, boolean typed, boolean rawAlways) {
    this.shredder = shredder;
    this.typed = typed;
    this.rawAlways = rawAlways;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Rejection check(Row row) {
    EventCursor event = row.event();
    if (event.dataFormat() != DataFormat.JSON) {
      return typed
          ? notJson(event.dataFormat() == DataFormat.NONE ? "no data" : "other data")
          : null;
    }
    try {
      row.setRegular(
          shredder.shred(event.bytes(), event.dataAt(), event.dataLength(), row.chunk()));
      row.setRawNeeded(rawAlways || !shredder.saysAll());
      return null;
    } catch (JsonException broken) {
      return notJson("%s at byte %d".formatted(broken.found(), broken.offset()));
    }
  }

  private static Rejection notJson(String found) {
    return Rejection.failed(NAME, "not-json", "", null, "JSON, as the stream has a schema", found);
  }
}
