package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.testkit.Seeds;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DefinitionBundleTest {
  @Test
  void whatIsEncodedIsDecoded() {
    Seeds.run(
        200,
        (_, chance) -> {
          DefinitionBundle bundle = random(chance);
          byte[] bytes = bundle.encode();
          assertEquals(bundle, DefinitionBundle.decode(bytes));
          byte[] cut = Arrays.copyOf(bytes, chance.nextInt(bytes.length));
          assertThrows(IOException.class, () -> DefinitionBundle.decode(cut));
          byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
          assertThrows(IOException.class, () -> DefinitionBundle.decode(longer));
          bytes[0]++;
          assertThrows(IOException.class, () -> DefinitionBundle.decode(bytes));
        });
  }

  @Test
  void theNumberIsNoDifference() {
    String one = "0".repeat(64) + ".yaml";
    String two = "1".repeat(64) + ".json";
    DefinitionBundle bundle =
        new DefinitionBundle(1, one, new TreeMap<>(Map.of("a.json", two)), new TreeMap<>());
    assertTrue(bundle.isSameAs(bundle.withVersion(2)));
    assertFalse(bundle.isSameAs(new DefinitionBundle(1, one, new TreeMap<>(), new TreeMap<>())));
    assertEquals(Set.of(one, two), bundle.copies());
    assertThrows(
        IllegalArgumentException.class,
        () -> new DefinitionBundle(1, "../x", new TreeMap<>(), new TreeMap<>()));
  }

  private static DefinitionBundle random(RandomGenerator chance) {
    TreeMap<String, String> schemas = new TreeMap<>();
    TreeMap<String, String> lookups = new TreeMap<>();
    int count = chance.nextInt(4);
    for (int i = 0; i < count; i++) {
      schemas.put("schemas/é" + chance.nextInt(9) + ".json", name(chance, ".json"));
      lookups.put("l" + chance.nextInt(9), name(chance, ".csv.gz"));
    }
    return new DefinitionBundle(chance.nextLong(), name(chance, ".yaml"), schemas, lookups);
  }

  private static String name(RandomGenerator chance, String extension) {
    byte[] hash = new byte[32];
    chance.nextBytes(hash);
    return HexFormat.of().formatHex(hash) + extension;
  }
}
