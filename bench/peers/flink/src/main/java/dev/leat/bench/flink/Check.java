package dev.leat.bench.flink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** Reads an event, holds it against schema and rules, and looks its product up. */
final class Check extends ProcessFunction<byte[], Order> {
  private static final long serialVersionUID = 1;
  static final OutputTag<String> REFUSED = new OutputTag<>("refused") {};

  private static final long MINUTE_MILLIS = 60_000;

  private final String lookup;
  private transient @Nullable JsonFactory factory;
  private transient @Nullable Map<String, String[]> products;

  /**
   * @param lookup the file of products, CSV with a head: sku, supplier, price class
   */
  Check(String lookup) {
    this.lookup = lookup;
  }

  @Override
  public void open(OpenContext context) throws IOException {
    factory = new JsonFactory();
    Map<String, String[]> read = new HashMap<>();
    List<String> lines = Files.readAllLines(Path.of(lookup));
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      read.put(cells[0], cells);
    }
    products = read;
  }

  @Override
  public void processElement(byte[] event, Context context, Collector<Order> out)
      throws IOException {
    Order order = new Order();
    String fault = read(event, order);
    if (fault == null) {
      fault = order.items < 1 ? "has-items" : order.amount <= 0 ? "costs" : null;
    }
    if (fault != null) {
      context.output(REFUSED, "r," + fault);
      return;
    }
    String[] product = products == null ? null : products.get(order.text(Order.SKU));
    if (product != null) {
      order.texts[Order.SUPPLIER] = product[1];
      order.texts[Order.PRICE_CLASS] = product[2];
    }
    out.collect(order);
  }

  private @Nullable String read(byte[] event, Order order) throws IOException {
    if (factory == null) {
      throw new IllegalStateException("not open");
    }
    try (JsonParser json = factory.createParser(event)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return "not an event";
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken token = json.nextToken();
        switch (name) {
          case "id" -> order.texts[Order.ID] = json.getText();
          case "source" -> order.texts[Order.SOURCE] = json.getText();
          case "subject" -> order.texts[Order.SUBJECT] = json.getText();
          case "time" -> order.millis = Times.millis(json.getText());
          case "data" -> {
            String fault = token == JsonToken.START_OBJECT ? data(json, order) : "no data";
            if (fault != null) {
              return fault;
            }
          }
          default -> json.skipChildren();
        }
      }
    } catch (JsonParseException malformed) {
      return "no JSON";
    }
    return missing(order);
  }

  private static @Nullable String missing(Order order) {
    return order.texts[Order.ID] == null
            || order.texts[Order.SOURCE] == null
            || order.texts[Order.COUNTRY] == null
            || order.texts[Order.CURRENCY] == null
            || order.texts[Order.SKU] == null
            || order.texts[Order.CHANNEL] == null
            || order.millis == 0
            || order.orderId == 0
            || order.customerId < 1
        ? "missing"
        : null;
  }

  private static @Nullable String data(JsonParser json, Order order) throws IOException {
    String fault = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken token = json.nextToken();
      boolean valid =
          switch (name) {
            case "country" -> text(json, token, order, Order.COUNTRY);
            case "city" -> text(json, token, order, Order.CITY);
            case "currency" -> text(json, token, order, Order.CURRENCY);
            case "sku" -> text(json, token, order, Order.SKU);
            case "category" -> text(json, token, order, Order.CATEGORY);
            case "channel" -> text(json, token, order, Order.CHANNEL) && channel(order);
            case "payment" -> text(json, token, order, Order.PAYMENT);
            case "coupon" ->
                token == JsonToken.VALUE_NULL || text(json, token, order, Order.COUPON);
            case "device" -> text(json, token, order, Order.DEVICE);
            case "browser" -> text(json, token, order, Order.BROWSER);
            case "referrer" -> text(json, token, order, Order.REFERRER);
            case "note" -> text(json, token, order, Order.NOTE);
            case "orderId" -> {
              order.orderId = whole(json, token);
              yield order.orderId != Long.MIN_VALUE;
            }
            case "customerId" -> {
              order.customerId = whole(json, token);
              yield order.customerId >= 1;
            }
            case "items" -> {
              order.items = whole(json, token);
              yield order.items >= 0;
            }
            case "discount" -> {
              order.discount = whole(json, token);
              yield order.discount != Long.MIN_VALUE;
            }
            case "latencyMs" -> {
              order.latencyMs = whole(json, token);
              yield order.latencyMs >= 0 && order.latencyMs <= 10 * MINUTE_MILLIS;
            }
            case "amount" -> {
              order.amount = number(json, token);
              yield order.amount >= 0 && order.amount <= 10_000;
            }
            case "lat" -> {
              order.lat = number(json, token);
              yield !Double.isNaN(order.lat);
            }
            case "lon" -> {
              order.lon = number(json, token);
              yield !Double.isNaN(order.lon);
            }
            case "firstOrder" -> {
              order.firstOrder = token == JsonToken.VALUE_TRUE;
              yield token.isBoolean();
            }
            default -> {
              json.skipChildren();
              yield true;
            }
          };
      if (!valid && fault == null) {
        fault = "schema /" + name;
      }
    }
    return fault;
  }

  private static boolean text(JsonParser json, JsonToken token, Order order, int field)
      throws IOException {
    if (token != JsonToken.VALUE_STRING) {
      return false;
    }
    order.texts[field] = json.getText();
    return true;
  }

  private static boolean channel(Order order) {
    String channel = order.text(Order.CHANNEL);
    return channel.equals("web") || channel.equals("app") || channel.equals("store");
  }

  private static long whole(JsonParser json, JsonToken token) throws IOException {
    return token == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : Long.MIN_VALUE;
  }

  private static double number(JsonParser json, JsonToken token) throws IOException {
    return token.isNumeric() ? json.getDoubleValue() : Double.NaN;
  }
}
