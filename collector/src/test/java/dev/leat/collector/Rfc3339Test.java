package dev.leat.collector;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class Rfc3339Test {
  private static final long SEED = 7;

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z, 0",
    "1970-01-01t00:00:00z, 0",
    "1970-01-01T00:00:00.000001Z, 1",
    "1970-01-01T00:00:00.0000019Z, 1",
    "1970-01-01T00:00:00.5Z, 500000",
    "1970-01-01T00:00:00.123456789012345Z, 123456",
    "1969-12-31T23:59:59.9Z, -100000",
    "1970-01-01T01:00:00+01:00, 0",
    "1969-12-31T18:30:00-05:30, 0",
    "1970-01-01T00:00:00-00:00, 0",
    "1970-01-01T00:00:60Z, 59999999",
    "1970-01-01T00:00:60.5Z, 59999999",
    "0000-01-01T00:00:00Z, -62167219200000000",
    "9999-12-31T23:59:59.999999Z, 253402300799999999",
    "2000-02-29T00:00:00Z, 951782400000000"
  })
  void readsTimes(String text, long micros) {
    assertEquals(micros, micros(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2020-01-01",
        "2020-01-01T00:00:00",
        "2020-01-01T00:00Z",
        "2020-01-01 00:00:00Z",
        "2020-13-01T00:00:00Z",
        "2020-00-01T00:00:00Z",
        "2020-01-00T00:00:00Z",
        "2020-01-32T00:00:00Z",
        "2019-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2020-04-31T00:00:00Z",
        "2020-01-01T24:00:00Z",
        "2020-01-01T00:60:00Z",
        "2020-01-01T00:00:61Z",
        "2020-01-01T00:00:00.Z",
        "2020-01-01T00:00:00,5Z",
        "2020-01-01T00:00:00+1:00",
        "2020-01-01T00:00:00+0100",
        "2020-01-01T00:00:00+24:00",
        "2020-01-01T00:00:00+01:60",
        "2020-01-01T00:00:00ZZ",
        "2020-01-01T00:00:00 Z",
        "+2020-01-01T00:00:00Z",
        "-020-01-01T00:00:00Z",
        "2O20-01-01T00:00:00Z",
        "2020-01-01T00:00:00.5",
        "2020-01-01T00:00:00.5+01:00x",
        "20200101T000000Z    ",
        "2020-01-01T00:00:00+ab:cd"
      })
  void refusesWhatIsNone(String text) {
    assertEquals(Rfc3339.INVALID, micros(text));
  }

  @Test
  void agreesWithTheJdk() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 100_000; i++) {
      long second = random.nextLong(-62_167_219_200L + 86_400, 253_402_300_800L - 86_400);
      Instant instant = Instant.ofEpochSecond(second, random.nextInt(1_000_000_000));
      ZoneOffset offset = ZoneOffset.ofTotalSeconds(60 * random.nextInt(-18 * 60, 18 * 60 + 1));
      OffsetDateTime time = LocalDateTime.ofInstant(instant, offset).atOffset(offset);
      String text = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
      assertEquals(
          ChronoUnit.MICROS.between(Instant.EPOCH, instant.truncatedTo(ChronoUnit.MICROS)),
          micros(text),
          text);
    }
  }

  private static long micros(String text) {
    byte[] bytes = ("x" + text + "9").getBytes(US_ASCII);
    return Rfc3339.micros(bytes, 1, text.length());
  }
}
