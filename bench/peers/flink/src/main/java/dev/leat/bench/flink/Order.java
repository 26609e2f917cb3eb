package dev.leat.bench.flink;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.CopyableValue;
import org.apache.flink.types.StringValue;
import org.jspecify.annotations.Nullable;

/** An order that has passed all checks, with what was looked up. Mutable, as Flink wants it. */
public final class Order implements CopyableValue<Order> {
  private static final long serialVersionUID = 1;

  /** Texts: id, source, subject, and those of the data by the constants below. */
  static final int ID = 0;

  static final int SOURCE = 1;
  static final int SUBJECT = 2;
  static final int COUNTRY = 3;
  static final int CITY = 4;
  static final int CURRENCY = 5;
  static final int SKU = 6;
  static final int CATEGORY = 7;
  static final int CHANNEL = 8;
  static final int PAYMENT = 9;
  static final int COUPON = 10;
  static final int DEVICE = 11;
  static final int BROWSER = 12;
  static final int REFERRER = 13;
  static final int SUPPLIER = 14;
  static final int PRICE_CLASS = 15;
  static final int NOTE = 16;
  static final int TEXTS = 17;

  final @Nullable String[] texts = new @Nullable String[TEXTS];
  long millis;
  long orderId;
  long customerId;
  long items;
  long discount;
  long latencyMs;
  double amount;
  double lat;
  double lon;
  boolean firstOrder;

  String text(int field) {
    String text = texts[field];
    if (text == null) {
      throw new IllegalStateException("an order without text " + field);
    }
    return text;
  }

  long cents() {
    return Math.round(amount * 100);
  }

  @Override
  public void write(DataOutputView out) throws IOException {
    for (String text : texts) {
      StringValue.writeString(text, out);
    }
    out.writeLong(millis);
    out.writeLong(orderId);
    out.writeLong(customerId);
    out.writeLong(items);
    out.writeLong(discount);
    out.writeLong(latencyMs);
    out.writeDouble(amount);
    out.writeDouble(lat);
    out.writeDouble(lon);
    out.writeBoolean(firstOrder);
  }

  @Override
  public void read(DataInputView in) throws IOException {
    for (int i = 0; i < TEXTS; i++) {
      texts[i] = StringValue.readString(in);
    }
    millis = in.readLong();
    orderId = in.readLong();
    customerId = in.readLong();
    items = in.readLong();
    discount = in.readLong();
    latencyMs = in.readLong();
    amount = in.readDouble();
    lat = in.readDouble();
    lon = in.readDouble();
    firstOrder = in.readBoolean();
  }

  @Override
  public int getBinaryLength() {
    return -1;
  }

  @Override
  public void copyTo(Order target) {
    System.arraycopy(texts, 0, target.texts, 0, TEXTS);
    target.millis = millis;
    target.orderId = orderId;
    target.customerId = customerId;
    target.items = items;
    target.discount = discount;
    target.latencyMs = latencyMs;
    target.amount = amount;
    target.lat = lat;
    target.lon = lon;
    target.firstOrder = firstOrder;
  }

  @Override
  public Order copy() {
    Order copy = new Order();
    copyTo(copy);
    return copy;
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    for (int i = 0; i < TEXTS; i++) {
      StringValue.copyString(source, target);
    }
    target.write(source, 9 * Long.BYTES + 1);
  }
}
