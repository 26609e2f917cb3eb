package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The values are those of the authors' reference implementation (vectors_sip128). */
class SipHashTest {
  private static final long KEY0 = 0x0706050403020100L;
  private static final long KEY1 = 0x0f0e0d0c0b0a0908L;

  /** Hashes of the messages 00, 00 01, 00 01 02 and so on, beginning with the empty one. */
  private static final String[] HASHES = {
    "a3817f04ba25a8e66df67214c7550293",
    "da87c1d86b99af44347659119b22fc45",
    "8177228da4a45dc7fca38bdef60affe4",
    "9c70b60c5267a94e5f33b6b02985ed51",
    "f88164c12d9c8faf7d0f6e7c7bcd5579",
    "1368875980776f8854527a07690e9627",
    "14eeca338b208613485ea0308fd7a15e",
    "a1f1ebbed8dbc153c0b84aa61ff08239",
    "3b62a9ba6258f5610f83e264f31497b4",
    "264499060ad9baabc47f8b02bb6d71ed",
    "00110dc378146956c95447d3f3d0fbba",
    "0151c568386b6677a2b4dc6f81e5dc18",
    "d626b266905ef35882634df68532c125",
    "9869e247e9c08b10d029934fc4b952f7",
    "31fcefac66d7de9c7ec7485fe4494902",
    "5493e99933b0a8117e08ec0f97cfc3d9",
    "6ee2a4ca67b054bbfd3315bf85230577",
    "473d06e8738db89854c066c47ae47740",
    "a426e5e423bf4885294da481feaef723",
  };

  private static final String HASH_OF_63 = "5150d1772f50834a503e069a973fbd7c";

  @Test
  void agreesWithTheAuthors() {
    for (int length = 0; length < HASHES.length; length++) {
      assertEquals(HASHES[length], hash(length, 0));
    }
    assertEquals(HASH_OF_63, hash(63, 0));
  }

  @Test
  void theMessageMayComeInPieces() {
    for (int length = 8; length < HASHES.length; length++) {
      assertEquals(HASHES[length], hash(length, 8));
    }
    assertEquals(HASH_OF_63, hash(63, 56));
  }

  @Test
  void theKeyDecides() {
    SipHash other = new SipHash(KEY0, KEY1 + 1);
    other.finish(new byte[0], 0, 0);
    assertNotEquals(HASHES[0], text(other));
  }

  /** The hash of a message whose first bytes come apart from the rest. */
  private static String hash(int length, int first) {
    byte[] message = new byte[length + 3];
    for (int i = 0; i < length; i++) {
      message[i + 1] = (byte) i;
    }
    SipHash hash = new SipHash(KEY0, KEY1);
    hash.padded(message, 1, first);
    hash.finish(message, 1 + first, length - first);
    return text(hash);
  }

  private static String text(SipHash hash) {
    return HexFormat.of().toHexDigits(Long.reverseBytes(hash.high()))
        + HexFormat.of().toHexDigits(Long.reverseBytes(hash.low()));
  }
}
