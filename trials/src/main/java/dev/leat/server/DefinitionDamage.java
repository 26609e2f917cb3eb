package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.testkit.SimDisk;
import dev.leat.trials.Damage;
import dev.leat.trials.DamageCase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Copies of what definitions consist of. */
public final class DefinitionDamage implements DamageCase {
  private static final int MAX_BYTES = 1 << 20;

  private final SimDisk disk = new SimDisk();
  private final TreeMap<String, byte[]> contents = new TreeMap<>();

  /** A definition, a schema and a lookup. */
  public DefinitionDamage() throws IOException {
    keep(".yaml", "streams:\n  - name: orders\n    match: type == 'order.placed'\n".repeat(6));
    keep(".json", "{\"type\": \"object\", \"properties\": {\"n\": {\"type\": \"integer\"}}}");
    keep(".csv", "sku,price\n" + "a1,17\nb2,18\n".repeat(20));
  }

  private void keep(String extension, String content) throws IOException {
    byte[] bytes = content.getBytes(UTF_8);
    contents.put(ContentStore.on(disk).keep(new ByteArrayInputStream(bytes), extension), bytes);
  }

  @Override
  public String type() {
    return "definitions";
  }

  @Override
  public SortedMap<String, Long> files() {
    TreeMap<String, Long> files = new TreeMap<>();
    contents.forEach((name, bytes) -> files.put("definitions/" + name, (long) bytes.length));
    return files;
  }

  @Override
  public Outcome open(Damage damage) throws Exception {
    ContentStore store = ContentStore.on(damage.on(disk));
    Outcome outcome = Outcome.HARMLESS;
    for (Map.Entry<String, byte[]> content : contents.entrySet()) {
      try {
        if (!Arrays.equals(store.read(content.getKey(), MAX_BYTES), content.getValue())) {
          return Outcome.wrong("%s has another content".formatted(content.getKey()));
        }
      } catch (IOException refused) {
        outcome = Outcome.refusal(refused, damage.file());
      }
    }
    return outcome;
  }

  @Override
  public void close() {
    // All of it is in memory.
  }
}
