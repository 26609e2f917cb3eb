package dev.leat.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The definition that the reference workload runs under: a schema, two rules, dedup, a lookup of
 * 5,000 rows and five windows.
 */
public final class ShopPipeline {
  private static final int SKUS = 5_000;
  private static final int SUPPLIERS = 120;
  private static final String[] PRICE_CLASSES = {"budget", "standard", "premium"};

  private static final String SCHEMA =
      """
      {"$schema": "https://json-schema.org/draft/2020-12/schema",
       "type": "object",
       "required": ["orderId", "customerId", "country", "currency", "amount", "items", "sku", "channel"],
       "properties": {
         "orderId": {"type": "integer"}, "customerId": {"type": "integer", "minimum": 1},
         "country": {"type": "string", "minLength": 2, "maxLength": 2}, "city": {"type": "string"},
         "currency": {"type": "string"}, "amount": {"type": "number", "minimum": 0, "maximum": 10000},
         "items": {"type": "integer", "minimum": 0}, "sku": {"type": "string"},
         "category": {"type": "string"}, "channel": {"enum": ["web", "app", "store"]},
         "payment": {"type": "string"}, "coupon": {"type": ["string", "null"]},
         "discount": {"type": "integer"},
         "latencyMs": {"type": "integer", "minimum": 0, "maximum": 600000},
         "device": {"type": "string"}, "browser": {"type": "string"}, "referrer": {"type": "string"},
         "firstOrder": {"type": "boolean"}, "lat": {"type": "number"}, "lon": {"type": "number"}}}
      """;

  private static final String STREAM =
      """
      streams:
        - name: orders
          match: type == 'shop.order.placed'
      """;

  private static final String RULES =
      """
          rules:
            - {name: has-items, check: data.items >= 1}
            - {name: costs, check: data.amount > 0}
      """;

  private static final String LOOKUP =
      """
          enrich:
            - {lookup: skus, on: data.sku, into: data.product}
      lookups:
        skus: {file: skus.csv, key: sku}
      """;

  private static final String METRICS =
      """
      metrics:
        - name: sales
          from: orders
          window: {tumbling: 10s}
          by: [data.country]
          measures: {orders: count(), amount: sum(data.amount)}
        - name: categories
          from: orders
          window: {sliding: 5m, every: 10s}
          by: [data.category]
          measures: {orders: count(), amount: sum(data.amount)}
        - name: visits
          from: orders
          window: {session: 30s, key: data.customerId}
          measures: {orders: count(), amount: sum(data.amount)}
        - name: customers
          from: orders
          window: {tumbling: 1m}
          by: [data.country]
          measures: {customers: distinct(data.customerId)}
        - name: latency
          from: orders
          window: {tumbling: 1m}
          by: [data.channel]
          measures:
            median: quantile(data.latencyMs, 0.5)
            p99: quantile(data.latencyMs, 0.99)
            skus: topk(data.sku, 10)
      """;

  private ShopPipeline() {}

  /** Writes the definition and its files into a directory; returns the definition's file. */
  public static Path write(Path directory) throws IOException {
    return write(directory, true, true, true, true, true);
  }

  /** The same with some of its parts. */
  static Path write(
      Path directory, boolean schema, boolean rules, boolean dedup, boolean lookup, boolean metrics)
      throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("order.json"), SCHEMA);
    Files.writeString(directory.resolve("skus.csv"), skus());
    String text =
        STREAM
            + (schema ? "    schema: order.json\n" : "")
            + (rules ? RULES : "")
            + (dedup ? "    dedup: {window: 24h}\n" : "    dedup: off\n")
            + (lookup ? LOOKUP : "")
            + (metrics ? METRICS : "");
    return Files.writeString(directory.resolve("leat.yaml"), text);
  }

  private static String skus() {
    StringBuilder table = new StringBuilder("sku,supplier,price_class\n");
    for (int sku = 0; sku < SKUS; sku++) {
      table.append(
          String.format(
              Locale.ROOT,
              "sku-%04d,supplier-%03d,%s%n",
              sku,
              sku * 7 % SUPPLIERS,
              PRICE_CLASSES[sku % PRICE_CLASSES.length]));
    }
    return table.toString();
  }
}
