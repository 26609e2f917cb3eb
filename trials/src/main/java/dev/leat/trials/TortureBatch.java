package dev.leat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Orders of one producer with consecutive numbers, which are sent together. Everything in them
 * follows from the numbers and this record, so that a batch can be sent again, and what became of
 * it can be checked. Immutable.
 *
 * @param first the number of the first order; numbers of a producer begin at 1
 * @param millis the time of the batch
 * @param correction what its last order does to an earlier one; null if nothing
 * @param copies orders of earlier batches that are sent along once more
 */
record TortureBatch(
    int producer,
    long first,
    int count,
    long millis,
    @Nullable Correction correction,
    List<Copy> copies) {
  static final String TYPE = "shop.order.placed";

  private static final String[] COUNTRIES = {"DE", "US", "FR", "GB", "NL", "ES", "IT", "PL"};
  private static final int INVALID_EVERY = 101;
  private static final int CUSTOMERS = 40;
  private static final int DIGEST = 1_009;

  /** An earlier order of the same producer does not count, or this one counts in its place. */
  record Correction(long target, boolean retract) {}

  /** An order of a batch that was answered. */
  record Copy(TortureBatch batch, long number) {}

  static String source(int producer) {
    return "/torture/" + producer;
  }

  long end() {
    return first + count;
  }

  /** Whether the rules refuse it. */
  static boolean isInvalid(long number) {
    return number % INVALID_EVERY == 0;
  }

  /** What rows of the batch add up to, whether they count or not. */
  Totals rows() {
    Totals totals = Totals.NONE;
    for (long number = first; number < end(); number++) {
      totals = isInvalid(number) ? totals : totals.plus(row(number));
    }
    return totals;
  }

  /** What the batch adds to the rows that count. */
  Totals counting() {
    Totals totals = rows();
    if (correction != null) {
      totals = totals.minus(of(producer, correction.target()));
      totals = correction.retract() ? totals.minus(row(end() - 1)) : totals;
    }
    return totals;
  }

  /** A retraction's own row has no data. */
  private Totals row(long number) {
    return retracts(number) ? new Totals(1, 0, 0, 0) : of(producer, number);
  }

  private boolean retracts(long number) {
    return correction != null && correction.retract() && number == end() - 1;
  }

  int invalid() {
    return (int) ((end() - 1) / INVALID_EVERY - (first - 1) / INVALID_EVERY);
  }

  private static Totals of(int producer, long number) {
    long cents = cents(producer, number);
    return new Totals(1, number, cents, cents * (number % DIGEST));
  }

  static String digestSql() {
    return "sum(data.cents * (data.number %% %d))".formatted(DIGEST);
  }

  private static SplittableRandom chance(int producer, long number) {
    return new SplittableRandom(producer * 1_000_000_007L + number);
  }

  private static long cents(int producer, long number) {
    return 1L + chance(producer, number).nextInt(100_000);
  }

  /** One event a line. */
  byte[] body() {
    StringBuilder lines = new StringBuilder();
    for (long number = first; number < end(); number++) {
      write(lines, number);
    }
    for (Copy copy : copies) {
      copy.batch().write(lines, copy.number());
    }
    return lines.toString().getBytes(UTF_8);
  }

  int events() {
    return count + copies.size();
  }

  private void write(StringBuilder lines, long number) {
    SplittableRandom chance = chance(producer, number);
    long cents = 1L + chance.nextInt(100_000);
    String country = COUNTRIES[chance.nextInt(COUNTRIES.length)];
    int customer = chance.nextInt(CUSTOMERS);
    // Nine in ten within the disorder; the others up to a minute late, which is too late for some.
    long late = chance.nextInt(10) > 0 ? chance.nextLong(1_500) : chance.nextLong(5_000, 60_000);
    String corrects = "";
    if (correction != null && number == end() - 1) {
      corrects =
          ",\"corrects\":\"%d\",\"correction\":\"%s\""
              .formatted(correction.target(), correction.retract() ? "retract" : "replace");
    }
    lines.append(
        String.format(
            Locale.ROOT,
            "{\"specversion\":\"1.0\",\"id\":\"%d\",\"source\":\"%s\",\"type\":\"%s\",\"time\":\"%s\"%s",
            number,
            source(producer),
            TYPE,
            Instant.ofEpochMilli(millis - late),
            corrects));
    if (retracts(number)) {
      lines.append("}\n");
      return;
    }
    lines.append(
        String.format(
            Locale.ROOT,
            ",\"data\":{\"number\":%d,\"cents\":%d,\"country\":\"%s\",\"customer\":%d,\"items\":%d,"
                + "\"note\":\"%s\"}}%n",
            number,
            cents,
            country,
            customer,
            isInvalid(number) ? 0 : 1 + chance.nextInt(9),
            "x".repeat(40 + chance.nextInt(80))));
  }

  /** Sums over rows that show loss, repetition and changed content. */
  record Totals(long rows, long numbers, long cents, long digest) {
    static final Totals NONE = new Totals(0, 0, 0, 0);

    Totals plus(Totals more) {
      return new Totals(
          rows + more.rows, numbers + more.numbers, cents + more.cents, digest + more.digest);
    }

    Totals minus(Totals less) {
      return new Totals(
          rows - less.rows, numbers - less.numbers, cents - less.cents, digest - less.digest);
    }
  }
}
