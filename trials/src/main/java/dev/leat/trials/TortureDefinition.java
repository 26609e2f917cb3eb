package dev.leat.trials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The definition under which servers are tortured: all that decides and counts. */
final class TortureDefinition {
  /** The width of a window of {@code sales}. */
  static final int WINDOW_MILLIS = 10_000;

  private static final String SCHEMA =
      """
      {"$schema": "https://json-schema.org/draft/2020-12/schema",
       "type": "object", "required": ["number", "cents", "country", "customer", "items"],
       "properties": {
         "number": {"type": "integer"}, "cents": {"type": "integer", "minimum": 1},
         "country": {"type": "string"}, "customer": {"type": "integer"},
         "items": {"type": "integer"}, "note": {"type": "string"}}}
      """;

  private TortureDefinition() {}

  /**
   * Writes the definition's files into a directory.
   *
   * @param window of dedup: longer than the clock is wrong
   * @return the definition's file
   */
  static Path write(Path directory, String window) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("order.json"), SCHEMA);
    String text =
        """
        log: {partitions: 2}
        streams:
          - name: orders
            match: type == 'shop.order.placed'
            schema: order.json
            rules:
              - {name: has-items, check: data.items >= 1}
            dedup: {window: %s}
            time: {disorder: 2s}
        metrics:
          - name: sales
            from: orders
            window: {tumbling: 10s}
            by: [data.country]
            lateness: 30s
            measures: {orders: count(), cents: sum(data.cents)}
          - name: trend
            from: orders
            window: {sliding: 1m, every: 10s}
            lateness: 30s
            measures: {orders: count(), cents: sum(data.cents), most: max(data.cents)}
          - name: visits
            from: orders
            window: {session: 5s, key: data.customer}
            lateness: 30s
            measures: {orders: count(), cents: sum(data.cents)}
        """
            .formatted(window);
    return Files.writeString(directory.resolve("leat.yaml"), text);
  }
}
