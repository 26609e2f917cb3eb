package dev.leat.collector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import dev.leat.event.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a walk knows of objects before changes nothing about what it says of the next one. */
final class JsonWalkTest {
  private static final long SEED = 20_261_203;
  private static final int MAX_DEPTH = 16;
  private static final int KINDS = 300;
  private static final int DOCUMENTS = 60;
  private static final String[] NAMES = {
    "id",
    "amount",
    "country",
    "a",
    "items",
    "firstOrder",
    "a name of more than sixteen",
    "é",
    "",
    "b"
  };

  @Test
  void repeatedNamesAreFoundWhateverCameBefore() {
    SplittableRandom random = new SplittableRandom(SEED);
    int repeated = 0;
    for (int kind = 0; kind < KINDS; kind++) {
      JsonWalk walk = new JsonWalk(MAX_DEPTH, SEED);
      List<String> usual = names(random);
      for (int i = 0; i < DOCUMENTS; i++) {
        String text = document(random, usual);
        int expected = duplicateAt(new JsonWalk(MAX_DEPTH, SEED), text);
        assertEquals(expected, duplicateAt(walk, text), () -> "seed " + SEED + ": " + text);
        repeated += expected == JsonWalk.NOWHERE ? 0 : 1;
      }
    }
    assertEquals(0.5, repeated / (double) (KINDS * DOCUMENTS), 0.4);
  }

  @Test
  void theNamesOfTheObjectBeforeAreCrossedAlsoWhereOneIsLeftOut() {
    KnownNames known = new KnownNames();
    JsonScanner scanner = new JsonScanner();
    byte[] document = "{\"a\":1,\"bc\":2,\"d\":3}".getBytes(UTF_8);
    scanner.reset(document, 0, document.length);
    scanner.next();
    known.begin();
    while (scanner.next() == Token.NAME) {
      known.met(scanner, document);
      scanner.next();
    }
    byte[] next = "{\"a\":4,\"d\":5,\"bc\":6}".getBytes(UTF_8);
    scanner.reset(next, 0, next.length);
    scanner.next();
    known.begin();
    assertTrue(known.cross(scanner));
    scanner.next();
    assertTrue(known.cross(scanner));
    scanner.next();
    assertFalse(known.cross(scanner), "a name that was passed may be there twice");
    assertEquals(Token.NAME, scanner.next());
  }

  private static List<String> names(SplittableRandom random) {
    List<String> names = new ArrayList<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      names.add(NAMES[random.nextInt(NAMES.length)] + (random.nextInt(3) == 0 ? "" : i));
    }
    return names;
  }

  private static String document(SplittableRandom random, List<String> usual) {
    StringBuilder text = new StringBuilder("{");
    for (String name : usual) {
      if (random.nextInt(8) > 0) {
        member(random, text, name, 0);
      }
      if (random.nextInt(12) == 0) {
        member(random, text, NAMES[random.nextInt(NAMES.length)], 0);
      }
    }
    return text.append('}').toString();
  }

  private static void member(SplittableRandom random, StringBuilder text, String name, int depth) {
    if (text.charAt(text.length() - 1) != '{') {
      text.append(random.nextInt(4) == 0 ? " , " : ",");
    }
    text.append('"').append(random.nextInt(20) == 0 ? name.replace("a", "\\u0061") : name);
    text.append("\":");
    if (depth < 2 && random.nextInt(6) == 0) {
      text.append('{');
      member(random, text, NAMES[random.nextInt(3)], depth + 1);
      member(random, text, NAMES[random.nextInt(3)], depth + 1);
      text.append('}');
    } else {
      text.append(random.nextBoolean() ? "[1,{\"x\":2}]" : "\"text\"");
    }
  }

  private static int duplicateAt(JsonWalk walk, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    Slice document = new Slice();
    document.set(bytes, 0, bytes.length);
    walk.document(document);
    return walk.duplicateAt();
  }
}
