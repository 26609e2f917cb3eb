package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.leat.testkit.Seeds;
import org.junit.jupiter.api.Test;

class ByteReaderTest {
  @Test
  void whatIsWrittenIsRead() {
    ByteWriter out = new ByteWriter();
    Seeds.run(
        200,
        (_, chance) -> {
          long number = chance.nextLong() >>> chance.nextInt(64);
          byte[] bytes = new byte[chance.nextInt(200)];
          chance.nextBytes(bytes);
          out.reset();
          out.putInt(0);
          out.putByte((int) number);
          out.putShort((int) number);
          out.putLong(number);
          out.putVarint(number);
          out.putDouble(Double.longBitsToDouble(number));
          out.putBytes(bytes);
          out.setInt(0, (int) number);
          byte[] written = out.toByteArray();
          assertEquals(written.length, out.length());
          ByteReader in = new ByteReader(written);
          assertEquals((int) number, in.getInt());
          assertEquals((byte) number, in.getByte());
          assertEquals((short) number, in.getShort());
          assertEquals(number, in.getLong());
          assertEquals(number, in.getVarint());
          assertEquals(number, Double.doubleToRawLongBits(in.getDouble()));
          assertEquals(bytes.length, in.remaining());
          assertArrayEquals(bytes, in.getBytes(bytes.length));
          assertEquals(written.length, in.position());
          assertThrows(IllegalStateException.class, in::getByte);
        });
  }

  @Test
  void whatIsCutShortIsRefused() {
    byte[] bytes = {1, 2, 3, -1, -1};
    refused(() -> new ByteReader(bytes, 1, 3).getInt());
    refused(() -> new ByteReader(bytes).getLong());
    refused(() -> new ByteReader(bytes).getBytes(6));
    refused(() -> new ByteReader(bytes).getBytes(-1));
    refused(() -> new ByteReader(bytes, 3, 2).getVarint());
    refused(() -> new ByteReader(bytes, 2, 3).getCount(1));
    refused(() -> new ByteReader(new byte[] {-128, 0}).getVarint());
    refused(() -> new ByteReader("ÿÿÿÿÿÿÿÿÿÿÿÿ".getBytes(ISO_8859_1)).getVarint());
    assertEquals(0x0203, new ByteReader(bytes, 1, 2).getShort());
  }

  private static void refused(Runnable read) {
    assertThrows(IllegalStateException.class, read::run);
  }
}
