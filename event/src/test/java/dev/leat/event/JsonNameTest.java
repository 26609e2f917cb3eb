package dev.leat.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.JsonScanner.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A name that is crossed is the one that would have been read, in documents and in damaged ones.
 */
final class JsonNameTest {
  private static final long SEED = 20_261_201;
  private static final int DOCUMENTS = 5_000;
  private static final int MUTATIONS = 8;

  private final JsonScanner guessing = new JsonScanner();
  private final JsonScanner reading = new JsonScanner();
  private int crossed;

  @Test
  void namesOfAllLengthsAreCrossed() {
    for (int length = 0; length < 40; length++) {
      String name = "n".repeat(length);
      byte[] document = "{\"%s\":1, \"%s\": 2}".formatted(name, name).getBytes(UTF_8);
      JsonName known = new JsonName(name.getBytes(UTF_8));
      guessing.reset(document, 0, document.length);
      guessing.next();
      assertFalse(guessing.crossName(new JsonName((name + "x").getBytes(UTF_8))));
      assertTrue(guessing.crossName(known), name);
      assertEquals(Token.INTEGER, guessing.next());
      assertTrue(guessing.crossName(known), name);
      assertEquals(Token.INTEGER, guessing.next());
      assertFalse(guessing.crossName(known));
      assertEquals(Token.OBJECT_END, guessing.next());
      assertFalse(guessing.crossName(known));
      assertEquals(Token.END, guessing.next());
    }
  }

  @Test
  void aNameThatNeedsEscapesIsReadAndNotCrossed() {
    byte[] document = "{\"a\"\":1}".getBytes(UTF_8);
    guessing.reset(document, 0, document.length);
    guessing.next();
    assertFalse(guessing.crossName(new JsonName("a\"".getBytes(UTF_8))));
    assertThrows(JsonException.class, guessing::next);
  }

  @Test
  void guessingChangesNothing() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int document = 0; document < DOCUMENTS; document++) {
      StringBuilder text = new StringBuilder();
      RandomJson.value(random, text, 0);
      byte[] bytes = text.toString().getBytes(UTF_8);
      List<byte[]> names = names(bytes);
      compare(random, bytes, names);
      for (int mutation = 0; mutation < MUTATIONS; mutation++) {
        compare(random, RandomJson.mutate(random, bytes), names);
      }
    }
    assertTrue(crossed > 1_000, "crossed only " + crossed);
  }

  private List<byte[]> names(byte[] bytes) {
    List<byte[]> names = new ArrayList<>();
    reading.reset(bytes, 0, bytes.length);
    for (Token token = reading.next(); token != Token.END; token = reading.next()) {
      if (token == Token.NAME) {
        names.add(characters(reading));
      }
    }
    return names;
  }

  private static byte[] characters(JsonScanner scanner) {
    byte[] into = new byte[scanner.tokenLength()];
    return Arrays.copyOf(into, scanner.unescape(into, 0));
  }

  private void compare(SplittableRandom random, byte[] bytes, List<byte[]> names) {
    guessing.reset(bytes, 0, bytes.length);
    reading.reset(bytes, 0, bytes.length);
    int met = 0;
    @Nullable Token token;
    do {
      byte[] guess = guess(random, names, met);
      if (guessing.crossName(new JsonName(guess))) {
        crossed++;
        token = reading.next();
        assertEquals(Token.NAME, token);
        assertArrayEquals(characters(reading), guess);
      } else {
        token = tokenOrNull(reading);
        assertEquals(token, tokenOrNull(guessing));
      }
      met += token == Token.NAME ? 1 : 0;
      if (token != null) {
        assertEquals(reading.position(), guessing.position());
      }
    } while (token != null && token != Token.END);
  }

  /** Mostly the name that is next, as far as that is known of a damaged document. */
  private static byte[] guess(SplittableRandom random, List<byte[]> names, int met) {
    if (names.isEmpty()) {
      return new byte[0];
    }
    boolean any = random.nextInt(4) == 0 || met >= names.size();
    return names.get(any ? random.nextInt(names.size()) : met);
  }

  /** Null if the document is damaged here. */
  private static @Nullable Token tokenOrNull(JsonScanner scanner) {
    try {
      return scanner.next();
    } catch (JsonException damaged) {
      return null;
    }
  }
}
