package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.pipeline.Memory;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import dev.leat.trials.Damage;
import dev.leat.trials.DamageCase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of the state: runs of ids and of entities, with their filters, and deltas. */
public final class StateDamage implements DamageCase {
  private static final StateOptions OPTIONS = new StateOptions(60, 4, 2, 3, 16, 2);
  private static final Duration WINDOW = Duration.ofDays(1);
  private static final int IDS = 200;
  private static final int ENTITIES = 70;

  private final SimDisk disk = new SimDisk();
  private final TreeMap<String, Long> files = new TreeMap<>();
  private final byte[] manifest;

  /** A state after a few commits and merges. */
  public StateDamage() throws IOException, InterruptedException {
    byte[] last = {};
    try (StateStore store = open(disk, last)) {
      store.advance(1);
      for (int i = 0; i < IDS; i++) {
        byte[] id = id(i);
        store.seen("s", WINDOW).add(id, 0, 1, 1, id.length - 1, 10L * i);
        if (i < ENTITIES) {
          store.versions("s").set(id, 0, id.length, i, 10L * i);
        }
        if (i % 23 == 22 || i == IDS - 1) {
          last = store.write(store.cut());
          store.committed(last);
          // The last cuts stay deltas.
          while (i < IDS - 40 && store.step()) {
            // Until there is nothing to write or merge.
          }
        }
      }
    }
    disk.kill();
    manifest = last;
    for (String name : StateManifest.decode(manifest).files()) {
      files.put(name, (long) disk.bytes(name).length);
    }
    if (files.keySet().stream().noneMatch(name -> name.endsWith(".run"))
        || files.keySet().stream().noneMatch(name -> name.endsWith(".delta"))) {
      throw new IllegalStateException("the corpus lacks runs or deltas: " + files);
    }
  }

  private static StateStore open(SimDisk on, byte[] manifest) throws IOException {
    return StateStore.openStill(on, manifest, OPTIONS, Seeds.chance(3));
  }

  private static byte[] id(int number) {
    return ("/id-" + number).getBytes(UTF_8);
  }

  @Override
  public String type() {
    return "state";
  }

  @Override
  public SortedMap<String, Long> files() {
    return files;
  }

  /** Refusing is enough: what happens then is for who opens it. */
  @Override
  public Outcome open(Damage damage) throws Exception {
    try (StateStore store = open(damage.on(disk), manifest)) {
      return compare(store);
    } catch (StateDamagedException refused) {
      return Outcome.refusal(refused, damage.file());
    } catch (UncheckedIOException failed) {
      return Outcome.refusal(failed, damage.file());
    }
  }

  private static Outcome compare(StateStore store) {
    Memory.Seen seen = store.seen("s", WINDOW);
    Memory.Versions versions = store.versions("s");
    for (int i = 0; i < IDS + 40; i++) {
      byte[] id = id(i);
      long first = seen.first(id, 0, 1, 1, id.length - 1);
      if (first != (i < IDS ? 10L * i : Memory.Seen.NEVER)) {
        return Outcome.wrong("id %d was first seen at %d".formatted(i, first));
      }
      long version = versions.of(id, 0, id.length);
      if (version != (i < ENTITIES ? i : Memory.Versions.NONE)) {
        return Outcome.wrong("entity %d has version %d".formatted(i, version));
      }
    }
    return Outcome.HARMLESS;
  }

  @Override
  public void close() {
    // All of it is in memory.
  }
}
