package dev.leat.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/**
 * The values are those of the Iceberg table specification, appendix B, and of Murmur3's reference.
 */
class KeyHashTest {
  @Test
  void agreesWithPublishedValues() {
    assertEquals(0, hash(""));
    assertEquals(1_210_000_089, hash("iceberg"));
    assertEquals(0x248bfa47, hash("hello"));
    assertEquals(0x149bbb7f, hash("hello, world"));
    assertEquals(0x2e4ff723, hash("The quick brown fox jumps over the lazy dog"));
    byte[] four = {0, 1, 2, 3};
    assertEquals(-188_683_207, KeyHash.of(four, 0, 4));
  }

  @Test
  void theNeighbourhoodDoesNotMatter() {
    byte[] bytes = "xxicebergyy".getBytes(UTF_8);
    assertEquals(1_210_000_089, KeyHash.of(bytes, 2, 7));
  }

  @Test
  void aPartitionIsAnIcebergBucket() {
    assertEquals(1_210_000_089 % 16, KeyHash.partition(hash("iceberg"), 16));
    assertEquals((-188_683_207 & Integer.MAX_VALUE) % 7, KeyHash.partition(-188_683_207, 7));
  }

  private static int hash(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return KeyHash.of(bytes, 0, bytes.length);
  }
}
