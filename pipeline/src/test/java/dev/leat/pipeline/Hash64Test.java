package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.testkit.Seeds;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class Hash64Test {
  /** The published ones, with the seeds 0 to 6. */
  @Test
  void bytesHashAsWyhashDoes() {
    String letters = "abcdefghijklmnopqrstuvwxyz";
    assertEquals(0x93228a4de0eec5a2L, hash("", 0));
    assertEquals(0xc5bac3db178713c4L, hash("a", 1));
    assertEquals(0xa97f2f7b1d9b3314L, hash("abc", 2));
    assertEquals(0x786d1f1df3801df4L, hash("message digest", 3));
    assertEquals(0xdca5a8138ad37c87L, hash(letters, 4));
    assertEquals(
        0xb9e734f117cfaf70L, hash(letters.toUpperCase(Locale.ROOT) + letters + "0123456789", 5));
    assertEquals(0x6cc5eab49a92d617L, hash("1234567890".repeat(8), 6));
  }

  @Test
  void aRangeHashesAsItsCopy() {
    Seeds.run(
        500,
        (_, chance) -> {
          byte[] bytes = new byte[chance.nextInt(300)];
          chance.nextBytes(bytes);
          int from = chance.nextInt(bytes.length + 1);
          int length = chance.nextInt(bytes.length - from + 1);
          long hash = Hash64.of(bytes, from, length);
          byte[] range = Arrays.copyOfRange(bytes, from, from + length);
          assertEquals(Hash64.of(range), hash);
          if (length > 0) {
            range[chance.nextInt(length)] ^= (byte) (1 << chance.nextInt(8));
            assertNotEquals(hash, Hash64.of(range));
          }
        });
  }

  @Test
  void numbersThatAreEqualHashAlike() {
    assertEquals(Hash64.of(5L), Hash64.of(5.0));
    assertEquals(Hash64.of(0L), Hash64.of(-0.0));
    assertEquals(Hash64.of(Long.MIN_VALUE), Hash64.of(-0x1p63));
    assertEquals(Hash64.of(1L << 60), Hash64.of(0x1p60));
    assertNotEquals(Hash64.of(Long.MAX_VALUE), Hash64.of(0x1p63));
    assertNotEquals(Hash64.of(5L), Hash64.of(5.5));
    assertNotEquals(Hash64.of(Double.doubleToLongBits(5.5)), Hash64.of(5.5));
    assertEquals(Hash64.of(Double.NaN), Hash64.of(Double.longBitsToDouble(0x7ff8000000000001L)));
    assertNotEquals(0, Hash64.of(0L));
  }

  /** Each bit of the input changes each bit of the hash about every other time. */
  @Test
  void everyBitOfAnInputMovesEveryBitOfTheHash() {
    int rounds = 2_000;
    int[][] changed = new int[64][64];
    Seeds.run(
        rounds,
        (_, chance) -> {
          long value = chance.nextBoolean() ? chance.nextLong() : chance.nextLong(1_000);
          for (int in = 0; in < 64; in++) {
            long moved = Hash64.of(value) ^ Hash64.of(value ^ 1L << in);
            for (int out = 0; out < 64; out++) {
              changed[in][out] += (int) (moved >>> out & 1);
            }
          }
        });
    for (int[] row : changed) {
      for (int count : row) {
        assertTrue(Math.abs(count - rounds / 2) < rounds / 10, "changed " + count);
      }
    }
  }

  private static long hash(String text, long seed) {
    byte[] bytes = text.getBytes(UTF_8);
    return Hash64.ofBytes(bytes, 0, bytes.length, seed);
  }
}
