package dev.leat.collector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import dev.leat.collector.Submission.Coding;
import dev.leat.collector.Submission.Form;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is sent to hurt: bombs, depth, many names, names that collide, numbers without end, bodies
 * that lie.
 */
final class HostileTest {
  private static final String HEAD =
      "{\"specversion\":\"1.0\",\"id\":\"i\",\"source\":\"/s\",\"type\":\"t\",\"data\":";
  private static final Duration QUICKLY = Duration.ofSeconds(5);

  private final Submitting door =
      new Submitting(CollectorOptions.defaults().withMaxEventBytes(32 << 20));

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "ZSTD"})
  void bombIsRefusedEarly(Coding coding) throws IOException {
    // 64 members or frames of 16 MiB each, which are read as one.
    byte[] part = compress(coding, 1 << 24);
    byte[] bomb = new byte[64 * part.length];
    for (int at = 0; at < bomb.length; at += part.length) {
      System.arraycopy(part, 0, bomb, at, part.length);
    }
    Counting body = new Counting(new ByteArrayInputStream(bomb));
    Outcome outcome = assertTimeout(QUICKLY, () -> door.submit(Form.LINES, coding, body));
    assertEquals(
        FaultCode.INFLATED_TOO_LARGE, assertInstanceOf(Outcome.TooLarge.class, outcome).code());
    assertTrue(body.count < bomb.length, body.count + " of " + bomb.length + " bytes were read");
    assertTrue(
        door.collector.counts().inflatedBytes() < 4 << 20, door.collector.counts()::toString);
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "ZSTD"})
  void inflatedSizeIsCapped(Coding coding) throws IOException {
    Submitting small =
        new Submitting(
            CollectorOptions.defaults()
                .withMaxEventBytes(1 << 10)
                .withMaxBodyBytes(1 << 10)
                .withMaxInflatedBytes(1 << 11));
    Outcome outcome =
        small.submit(Form.LINES, coding, new ByteArrayInputStream(compress(coding, 1 << 12)));
    assertEquals(
        FaultCode.INFLATED_TOO_LARGE, assertInstanceOf(Outcome.TooLarge.class, outcome).code());
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "ZSTD"})
  void compressedBodyIsRead(Coding coding) throws IOException {
    byte[] body = (HEAD + "1}\n").repeat(1_000).getBytes(UTF_8);
    byte[] compressed = coding == Coding.GZIP ? gzip(body) : Zstd.compress(body);
    assertEquals(
        new Outcome.Kept(1_000, 999),
        door.submit(Form.LINES, coding, new ByteArrayInputStream(compressed)));
    byte[] cut = Arrays.copyOf(compressed, compressed.length - 3);
    assertCorrupt(door.submit(Form.LINES, coding, new ByteArrayInputStream(cut)));
    byte[] flipped = compressed.clone();
    flipped[0] ^= 1;
    assertCorrupt(door.submit(Form.LINES, coding, new ByteArrayInputStream(flipped)));
    assertCorrupt(door.submit(Form.LINES, coding, new ByteArrayInputStream(body)));
    assertEquals(1_000, door.log.events().size());
  }

  @Test
  void damagedGzipIsRefusedWhereverItIsDamaged() throws IOException {
    byte[] body = (HEAD + "\"some text\"}\n").repeat(20).getBytes(UTF_8);
    byte[] compressed = gzip(body);
    for (int at = 0; at < compressed.length; at++) {
      byte[] flipped = compressed.clone();
      flipped[at] ^= 0x10;
      Outcome outcome = door.submit(Form.LINES, Coding.GZIP, new ByteArrayInputStream(flipped));
      // Time, flags and system in the header are not covered by the checksum and mean nothing here.
      assertTrue(outcome instanceof Outcome.Unreadable || at < 10, "byte " + at + ": " + outcome);
    }
  }

  @Test
  void largeZstdWindowIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZstdOutputStream zstd = new ZstdOutputStream(bytes)) {
      zstd.setLong(27);
      zstd.write(new byte[1 << 16]);
    }
    assertCorrupt(
        door.submit(Form.LINES, Coding.ZSTD, new ByteArrayInputStream(bytes.toByteArray())));
  }

  @Test
  void membersOfGzipAreReadAsOne() throws IOException {
    byte[] one = gzip((HEAD + "1}\n").getBytes(UTF_8));
    byte[] two = Arrays.copyOf(one, 2 * one.length);
    System.arraycopy(one, 0, two, one.length, one.length);
    assertEquals(
        new Outcome.Kept(2, 1),
        door.submit(Form.LINES, Coding.GZIP, new ByteArrayInputStream(two)));
  }

  @Test
  void bodyWithoutEndIsRefusedAtTheCap() {
    Counting endless = new Counting(new Endless());
    Outcome outcome =
        assertTimeout(QUICKLY, () -> door.submit(Form.LINES, Coding.IDENTITY, endless));
    assertEquals(
        FaultCode.BODY_TOO_LARGE, assertInstanceOf(Outcome.TooLarge.class, outcome).code());
    assertTrue(endless.count <= (32 << 20) + 1, endless.count + " bytes were read");
    assertEquals(0, door.collector.counts().inFlightBytes());
  }

  @Test
  void depthIsRefusedAtOnce() {
    for (String open : List.of("[", "{\"a\":", "[{\"a\":")) {
      Outcome outcome =
          assertTimeout(QUICKLY, () -> door.submit(Form.OBJECT, HEAD + open.repeat(100_000)));
      assertTrue(Submitting.faults(outcome).getFirst().contains(" too-deep; "), outcome::toString);
    }
    String deepest = "[".repeat(63) + "]".repeat(63);
    assertEquals(new Outcome.Kept(1, 0), door.submit(Form.OBJECT, HEAD + deepest + "}"));
    assertEquals(new Outcome.Kept(1, 1), door.submit(Form.ARRAY, "[" + HEAD + deepest + "}]"));
    assertInstanceOf(Outcome.Refused.class, door.submit(Form.OBJECT, HEAD + "[" + deepest + "]}"));
    assertInstanceOf(
        Outcome.Refused.class, door.submit(Form.ARRAY, "[" + HEAD + "[" + deepest + "]}]"));
  }

  @Test
  void millionNamesTakeLinearTime() {
    StringBuilder event = new StringBuilder(HEAD).append('{');
    for (int i = 0; i < 1_000_000; i++) {
      event.append(i == 0 ? "" : ",").append("\"n").append(i).append("\":0");
    }
    String unique = event + "}}";
    assertEquals(
        new Outcome.Kept(1, 0), assertTimeout(QUICKLY, () -> door.submit(Form.OBJECT, unique)));
    String repeated = event + ",\"n500000\":1}}";
    Outcome outcome = assertTimeout(QUICKLY, () -> door.submit(Form.OBJECT, repeated));
    assertEquals(
        List.of("/data/n500000 duplicate-key; each name once; the name a second time"),
        Submitting.faults(outcome));
  }

  /** All these names have the same {@code String.hashCode}, and the same FNV-like sums. */
  @Test
  void namesMadeToCollideTakeLinearTime() {
    StringBuilder event = new StringBuilder(HEAD).append('{');
    for (int i = 0; i < 1 << 16; i++) {
      event.append(i == 0 ? "\"" : ",\"");
      for (int bit = 0; bit < 16; bit++) {
        event.append(((i >> bit) & 1) == 0 ? "Aa" : "BB");
      }
      event.append("\":0");
    }
    assertEquals(
        new Outcome.Kept(1, 0),
        assertTimeout(QUICKLY, () -> door.submit(Form.OBJECT, event + "}}")));
  }

  @Test
  void manyObjectsDoNotShareNames() {
    String objects = "{\"a\":{\"a\":1,\"b\":2},\"b\":{\"a\":1}},".repeat(100_000);
    assertEquals(new Outcome.Kept(1, 0), door.submit(Form.OBJECT, HEAD + "[" + objects + "0]}"));
  }

  @Test
  void hugeNumbersAreRefusedOrKept() {
    assertEquals(
        List.of("/data number-too-long; at most 1000 characters; 1000000 characters"),
        Submitting.faults(door.submit(Form.OBJECT, HEAD + "1".repeat(1_000_000) + "}")));
    assertEquals(
        new Outcome.Kept(1, 0), door.submit(Form.OBJECT, HEAD + "[1e999,-0,9007199254740993]}"));
    assertEquals("[1e999,-0,9007199254740993]", door.log.events().getFirst().data());
  }

  @Test
  void tooManyEventsAreRefused() {
    Submitting few = new Submitting(CollectorOptions.defaults().withMaxEvents(3));
    String event = HEAD + "1}";
    assertEquals(new Outcome.Kept(3, 2), few.submit(Form.LINES, (event + "\n").repeat(3) + "\n"));
    assertTooMany(few.submit(Form.LINES, (event + "\n").repeat(4)));
    assertTooMany(few.submit(Form.ARRAY, "[" + (event + ",").repeat(3) + event + "]"));
    assertEquals(3, few.log.events().size());
  }

  @Test
  void largeEventsAreRefused() {
    Submitting small = new Submitting(CollectorOptions.defaults().withMaxEventBytes(256));
    String good = HEAD + "1}";
    String large = HEAD + "\"" + "x".repeat(256) + "\"}";
    String fault =
        " event-too-large; an event of at most 256 bytes; %d bytes".formatted(large.length());
    assertEquals(List.of(fault), Submitting.faults(small.submit(Form.LINES, good + "\n" + large)));
    assertEquals(
        List.of(fault),
        Submitting.faults(small.submit(Form.ARRAY, "[" + good + "," + large + "]")));
    assertEquals(List.of(fault), Submitting.faults(small.submit(Form.OBJECT, large)));
    assertInstanceOf(Outcome.Refused.class, small.submitBinary(new byte[257]));
  }

  @Test
  void allRequestsTogetherAreBounded() {
    CollectorOptions options =
        CollectorOptions.defaults()
            .withMaxBodyBytes(1 << 20)
            .withMaxInflatedBytes(1 << 20)
            .withMaxInFlightBytes(1 << 21);
    Submitting tight = new Submitting(options);
    byte[] body = (HEAD + "\"" + "x".repeat(700_000) + "\"}").getBytes(UTF_8);
    InputStream waiting =
        new InputStream() {
          private final InputStream rest = new ByteArrayInputStream(body);
          private boolean asked;

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            int count = rest.read(into, from, length);
            if (count < 0 && !asked) {
              asked = true;
              // This one is in flight with all of its bytes, so there is no room for another as
              // large.
              assertInstanceOf(Outcome.Overloaded.class, tight.submit(Form.OBJECT, body));
              assertEquals(new Outcome.Kept(1, 0), tight.submit(Form.OBJECT, HEAD + "1}"));
            }
            return count;
          }
        };
    assertEquals(new Outcome.Kept(1, 1), tight.submit(Form.OBJECT, Coding.IDENTITY, waiting));
    assertEquals(new Outcome.Kept(1, 2), tight.submit(Form.OBJECT, body));
    assertEquals(0, tight.collector.counts().inFlightBytes());
  }

  @Test
  void senderThatGoesAwayLeavesNothing() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }

          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            return read();
          }
        };
    for (Coding coding : Coding.values()) {
      Outcome outcome = door.submit(Form.LINES, coding, broken);
      assertEquals(
          FaultCode.INCOMPLETE_BODY, assertInstanceOf(Outcome.Unreadable.class, outcome).code());
    }
    assertEquals(0, door.collector.counts().inFlightBytes());
    assertEquals(0, door.log.appends());
  }

  private static void assertTooMany(Outcome outcome) {
    assertEquals(
        FaultCode.TOO_MANY_EVENTS, assertInstanceOf(Outcome.TooLarge.class, outcome).code());
  }

  private static void assertCorrupt(Outcome outcome) {
    assertEquals(
        FaultCode.CORRUPT_ENCODING, assertInstanceOf(Outcome.Unreadable.class, outcome).code());
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body);
    }
    return bytes.toByteArray();
  }

  private static byte[] compress(Coding coding, int zeros) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream into =
        coding == Coding.GZIP ? new GZIPOutputStream(bytes) : new ZstdOutputStream(bytes)) {
      byte[] block = new byte[1 << 10];
      for (int written = 0; written < zeros; written += block.length) {
        into.write(block);
      }
    }
    return bytes.toByteArray();
  }

  private static final class Endless extends InputStream {
    @Override
    public int read() {
      return ' ';
    }

    @Override
    public int read(byte[] into, int from, int length) {
      Arrays.fill(into, from, from + length, (byte) ' ');
      return length;
    }
  }

  private static final class Counting extends InputStream {
    private final InputStream in;
    private long count;

    Counting(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int read = in.read(into, from, length);
      count += Math.max(read, 0);
      return read;
    }
  }
}
