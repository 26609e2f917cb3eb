package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Makes orders of the reference workload as JSON, with blanks of fixed width where each copy gets
 * its own id, time and order number. For one thread.
 */
public final class ShopOrder {
  public static final String BLANK_ID = "00000000-0000-4000-8000-000000000000";
  public static final String BLANK_TIME = "0000-00-00T00:00:00.000Z";
  public static final String BLANK_ORDER = "1000000000";

  private static final int CITIES = 10;
  private static final int SKUS = 5_000;
  private static final String[] COUNTRIES =
      ("DE US FR GB NL ES IT PL AT CH BE SE DK NO FI PT IE CZ HU RO "
              + "BG GR HR SK SI LT LV EE LU CA MX BR AR CL JP KR AU NZ IN ZA")
          .split(" ");
  private static final String[] CURRENCIES =
      "EUR USD GBP PLN CHF SEK DKK NOK CAD JPY AUD INR".split(" ");
  private static final String[] CITY_NAMES =
      "Aldersund Brackwater Cloudhaven Dunmere Eastvale Fernhollow Greyport Highmoor Ironbridge Juniper"
          .split(" ");
  private static final String[] CATEGORIES =
      ("books games garden kitchen shoes shirts toys music sports phones laptops lamps chairs "
              + "beds bikes tools pets coffee tea wine")
          .split(" ");
  private static final String[] PAYMENTS = {"card", "paypal", "invoice", "wallet"};
  private static final String[] DEVICES = {
    "iPhone", "Android phone", "iPad", "Windows PC", "Mac", "Linux PC"
  };
  private static final String[] BROWSERS = {
    "Chrome", "Safari", "Firefox", "Edge", "Opera", "Samsung", "Brave", "Vivaldi"
  };

  private final RandomGenerator chance;
  private final Zipf customers = new Zipf(100_000, 1.0);
  private final Zipf countries = new Zipf(COUNTRIES.length, 1.0);
  private final Zipf skus = new Zipf(SKUS, 0.9);

  public ShopOrder(RandomGenerator chance) {
    this.chance = chance;
  }

  /** One order, the line end included. */
  public byte[] next() {
    int customer = customers.next(chance) + 1;
    int country = countries.next(chance);
    int city = chance.nextInt(CITIES);
    int sku = skus.next(chance);
    double share = chance.nextDouble();
    String channel = share < 0.70 ? "web" : share < 0.95 ? "app" : "store";
    String amount = String.format(Locale.ROOT, "%.2f", logNormal(40, 1.0, 0.50, 2_000));
    double fault = chance.nextDouble();
    boolean brokenSchema = fault < 0.001;
    int items = fault >= 0.001 && fault < 0.002 ? 0 : 1 + chance.nextInt(9);
    return String.format(
            Locale.ROOT,
            "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/shop/%s\",\"type\":\"shop.order.placed\","
                + "\"subject\":\"customer-%d\",\"time\":\"%s\",\"data\":{\"orderId\":%s,\"customerId\":%d,"
                + "\"country\":\"%s\",\"city\":\"%s %s\",\"currency\":\"%s\",\"amount\":%s,\"items\":%d,"
                + "\"sku\":\"sku-%04d\",\"category\":\"%s\",\"channel\":\"%s\",\"payment\":\"%s\","
                + "\"coupon\":%s,\"discount\":%d,\"latencyMs\":%d,\"device\":\"%s\",\"browser\":\"%s\","
                + "\"referrer\":\"https://ref%d.example/\",\"firstOrder\":%b,\"lat\":%.5f,\"lon\":%.5f}}\n",
            BLANK_ID,
            channel,
            customer,
            BLANK_TIME,
            BLANK_ORDER,
            customer,
            COUNTRIES[country],
            CITY_NAMES[city],
            COUNTRIES[country],
            CURRENCIES[country % CURRENCIES.length],
            brokenSchema ? '"' + amount + '"' : amount,
            items,
            sku,
            CATEGORIES[sku % CATEGORIES.length],
            channel,
            PAYMENTS[chance.nextInt(PAYMENTS.length)],
            chance.nextInt(10) == 0 ? "\"SAVE%d\"".formatted(10 + chance.nextInt(50)) : "null",
            chance.nextInt(5) == 0 ? 5 + chance.nextInt(26) : 0,
            (long) logNormal(120, 0.8, 1, 60_000),
            DEVICES[chance.nextInt(DEVICES.length)],
            BROWSERS[chance.nextInt(BROWSERS.length)],
            chance.nextInt(30),
            chance.nextInt(100) < 8,
            -60 + 3.1 * country + city * 0.2 + chance.nextGaussian() * 0.01,
            -120 + 6.1 * country + city * 0.2 + chance.nextGaussian() * 0.01)
        .getBytes(UTF_8);
  }

  private double logNormal(double median, double sigma, double least, double most) {
    return Math.clamp(median * Math.exp(sigma * chance.nextGaussian()), least, most);
  }
}
