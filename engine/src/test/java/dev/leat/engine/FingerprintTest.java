package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  @Test
  void isTheHashOfThePicturedMessage() {
    ByteBuffer message = ByteBuffer.allocate(8 + 8 + 8 + 16 + 4).order(ByteOrder.LITTLE_ENDIAN);
    message.putInt(1).putInt(6).put("orders\0\0".getBytes(UTF_8));
    message.putInt(9).putInt(4).put("/checkout\0\0\0\0\0\0\0".getBytes(UTF_8));
    message.put("id-1".getBytes(UTF_8));
    SipHash hash = new SipHash(3, 4);
    hash.finish(message.array(), 0, message.capacity());
    assertEquals(hash.high() + " " + hash.low(), event("orders", "/checkout", "id-1"));
  }

  @Test
  void noTwoIdentitiesShareAMessage() {
    // All ways to divide a few texts into three parts, the zeros of the padding among them.
    Set<String> prints = new HashSet<>();
    int identities = 0;
    for (String text :
        new String[] {"abcdefgh\0ijklmnop", "aaaaaaaaaaaaaaaaaaaa", "\0\0\0\0\0\0\0\0\0"}) {
      for (int first = 0; first <= text.length(); first++) {
        for (int second = first; second <= text.length(); second++) {
          prints.add(
              event(
                  text.substring(0, first), text.substring(first, second), text.substring(second)));
          identities++;
        }
        Fingerprint entity = Fingerprint.ofEntities(3, 4, text.substring(0, first));
        entity.entity(text.getBytes(UTF_8), first, text.length() - first);
        prints.add(entity.high + " " + entity.low);
        identities++;
      }
    }
    assertEquals(identities, prints.size());
  }

  @Test
  void theNeighbourhoodDoesNotMatter() {
    Seeds.run(
        200,
        (seed, chance) -> {
          byte[] bytes = new byte[200];
          chance.nextBytes(bytes);
          int sourceLength = chance.nextInt(60);
          int idLength = chance.nextInt(60);
          Fingerprint print = Fingerprint.ofEvents(1, 2, "s");
          print.event(bytes, 3, sourceLength, 100, idLength);
          long high = print.high;
          long low = print.low;
          byte[] moved = new byte[200];
          chance.nextBytes(moved);
          System.arraycopy(bytes, 3, moved, 101, sourceLength);
          System.arraycopy(bytes, 100, moved, 7, idLength);
          print.event(moved, 101, sourceLength, 7, idLength);
          assertTrue(print.high == high && print.low == low);
        });
  }

  @Test
  void whatWasHashedBeforeDoesNotMatter() {
    Seeds.run(
        200,
        (seed, chance) -> {
          Fingerprint print = Fingerprint.ofEvents(3, 4, "s");
          byte[] bytes = new byte[400];
          for (int i = 0; i < 50; i++) {
            // Seldom another byte, often another division of the same ones.
            bytes[chance.nextInt(bytes.length)] ^= (byte) chance.nextInt(2);
            int sourceLength = chance.nextInt(3) * 80;
            int idLength = chance.nextInt(3) * 80;
            print.event(bytes, 0, sourceLength, sourceLength, idLength);
            Fingerprint fresh = Fingerprint.ofEvents(3, 4, "s");
            fresh.event(bytes, 0, sourceLength, sourceLength, idLength);
            assertTrue(print.high == fresh.high && print.low == fresh.low);
          }
        });
  }

  private static String event(String stream, String source, String id) {
    byte[] bytes = (source + id).getBytes(UTF_8);
    int sourceLength = source.getBytes(UTF_8).length;
    Fingerprint print = Fingerprint.ofEvents(3, 4, stream);
    print.event(bytes, 0, sourceLength, sourceLength, bytes.length - sourceLength);
    return print.high + " " + print.low;
  }
}
