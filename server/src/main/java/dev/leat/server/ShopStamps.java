package dev.leat.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.LocalDate;

/** Writes what differs from copy to copy of an order over its blanks. For one thread. */
public final class ShopStamps {
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
  private static final byte[] PAIRS = pairs();
  private static final long DAY_MILLIS = 86_400_000L;
  private static final long FIRST_ORDER = 1_000_000_000L;
  private static final long ORDERS = 9_000_000_000L;
  private static final int ORDER_DIGITS = 10;

  private long day = Long.MIN_VALUE;
  private byte[] date = {};

  /** A random UUID; the digits for version and variant stand in the slot already. */
  public void id(byte[] buffer, int at, long high, long low) {
    hex(buffer, at, high, 8);
    hex(buffer, at + 9, high >>> 32, 4);
    hex(buffer, at + 15, high >>> 48, 3);
    hex(buffer, at + 20, low >>> 48, 3);
    hex(buffer, at + 24, low, 12);
  }

  public void time(byte[] buffer, int at, long millis) {
    long wanted = Math.floorDiv(millis, DAY_MILLIS);
    if (wanted != day) {
      day = wanted;
      date = LocalDate.ofEpochDay(wanted).toString().getBytes(US_ASCII);
    }
    int within = (int) Math.floorMod(millis, DAY_MILLIS);
    System.arraycopy(date, 0, buffer, at, date.length);
    pair(buffer, at + 11, within / 3_600_000);
    pair(buffer, at + 14, within / 60_000 % 60);
    pair(buffer, at + 17, within / 1_000 % 60);
    digits(buffer, at + 20, within % 1_000, 3);
  }

  public void order(byte[] buffer, int at, long order) {
    digits(buffer, at, FIRST_ORDER + order % ORDERS, ORDER_DIGITS);
  }

  private static void hex(byte[] buffer, int at, long bits, int digits) {
    long rest = bits;
    for (int i = at; i < at + digits; i++) {
      buffer[i] = HEX[(int) (rest & 15)];
      rest >>>= 4;
    }
  }

  private static void pair(byte[] buffer, int at, int value) {
    buffer[at] = PAIRS[value * 2];
    buffer[at + 1] = PAIRS[value * 2 + 1];
  }

  private static void digits(byte[] buffer, int at, long value, int digits) {
    long rest = value;
    for (int i = at + digits - 1; i >= at; i--) {
      buffer[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private static byte[] pairs() {
    byte[] pairs = new byte[200];
    for (int i = 0; i < 100; i++) {
      pairs[i * 2] = (byte) ('0' + i / 10);
      pairs[i * 2 + 1] = (byte) ('0' + i % 10);
    }
    return pairs;
  }
}
