package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.pipeline.Memory;
import dev.leat.testkit.SimDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A state and the naive idea of it: maps of all that was ever added, with the bucket of log time in
 * which that was.
 */
final class StateModel {
  private static final List<String> STREAMS = List.of("a", "b", "c");
  private static final int[] WINDOW_MICROS = {800, 800, 77};
  private static final int IDS = 150;

  private final RandomGenerator chance;
  private final SimDisk disk = new SimDisk();
  private final StateOptions options;
  private StateStore store;
  private Idea idea = new Idea();

  /** The position of the next event; it goes back with a crash, as the log is read again. */
  private long position;

  private byte[] committed = {};
  private Saved saved = new Saved(new Idea(), 0);

  private record Known(long position, long bucket) {}

  /** A moment to which a commit goes back. */
  private record Saved(Idea idea, long position) {}

  private static final class Idea {
    private final Map<String, Known> ids = new HashMap<>();
    private final Map<String, Long> versions = new HashMap<>();
    private long now;

    Idea copy() {
      Idea copy = new Idea();
      copy.ids.putAll(ids);
      copy.versions.putAll(versions);
      copy.now = now;
      return copy;
    }

    long bucket(int stream) {
      return now / ((WINDOW_MICROS[stream] + 7) / 8);
    }

    long first(int stream, String id) {
      Known known = ids.get(STREAMS.get(stream) + "/" + id);
      return known == null || bucket(stream) - known.bucket() > 8 ? -1 : known.position();
    }
  }

  StateModel(RandomGenerator chance) throws IOException {
    this.chance = chance;
    this.options =
        new StateOptions(
            1 + chance.nextInt(60),
            1 + chance.nextInt(6),
            2,
            2 + chance.nextInt(3),
            8 + chance.nextInt(9),
            1 + chance.nextInt(3));
    open();
  }

  private void open() throws IOException {
    store = StateStore.openStill(disk, committed, options, chance);
    idea = saved.idea().copy();
    position = saved.position();
  }

  void run(int steps) throws Exception {
    for (int i = 0; i < steps; i++) {
      try {
        act();
      } catch (IOException | UncheckedIOException failed) {
        if (disk.isPowerCut()) {
          crash();
        }
      }
    }
    // Fails no more.
    crash();
    checkAll();
    while (store.step()) {}
    checkAll();
    store.close();
  }

  private void act() throws Exception {
    switch (chance.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5 -> events();
      case 6, 7 -> advance();
      case 8, 9, 10 -> commit();
      case 11, 12, 13, 14 -> store.step();
      case 15 -> checkAll();
      case 16 -> disk.cutPowerAfter(1 + chance.nextInt(25));
      case 17 -> disk.failWrite(chance.nextInt(4));
      case 18 -> disk.failForce(chance.nextInt(4));
      default -> crash();
    }
  }

  private void events() {
    int count = chance.nextInt(40);
    for (int i = 0; i < count; i++) {
      int stream = chance.nextInt(STREAMS.size());
      String id = "id" + chance.nextInt(IDS);
      byte[] bytes = bytes(id);
      Memory.Seen seen = seen(stream);
      long first = seen.first(bytes, 0, 3, 3, bytes.length - 3);
      assertEquals(idea.first(stream, id), first);
      if (first == Memory.Seen.NEVER) {
        seen.add(bytes, 0, 3, 3, bytes.length - 3, position);
        idea.ids.put(STREAMS.get(stream) + "/" + id, new Known(position, idea.bucket(stream)));
      }
      String stored = STREAMS.get(stream) + "/" + id;
      if (chance.nextInt(4) == 0) {
        Memory.Versions versions = store.versions(STREAMS.get(stream));
        long version = chance.nextLong();
        versions.set(bytes, 3, bytes.length - 3, version, position);
        idea.versions.put(stored, version);
        assertEquals(version, versions.of(bytes, 3, bytes.length - 3));
      }
      position += 1 + chance.nextInt(1_000);
    }
  }

  private static byte[] bytes(String id) {
    return ("src" + id).getBytes(UTF_8);
  }

  private Memory.Seen seen(int stream) {
    return store.seen(STREAMS.get(stream), Duration.ofNanos(WINDOW_MICROS[stream] * 1_000L));
  }

  private void advance() {
    long by = chance.nextInt(4) == 0 ? chance.nextInt(1_500) : chance.nextInt(60);
    store.advance(idea.now + by - 10);
    idea.now = Math.max(idea.now, idea.now + by - 10);
  }

  /** A commit, at once, or after failures and more events, or after background work. */
  private void commit() throws Exception {
    StateCut cut = store.cut();
    Saved at = new Saved(idea.copy(), position);
    if (chance.nextBoolean()) {
      events();
    }
    byte[] manifest = write(cut);
    if (chance.nextInt(3) == 0) {
      work();
    }
    // The write of a commit may be all that a crash leaves of it.
    if (chance.nextInt(10) == 0) {
      crash();
      return;
    }
    assertArrayEquals(manifest, store.write(cut));
    committed = manifest;
    saved = at;
    assertTrue(manifest.length < 4_000, "manifest of " + manifest.length);
    if (chance.nextInt(10) != 0) {
      store.committed(manifest);
    }
  }

  private byte[] write(StateCut cut) throws Exception {
    while (true) {
      try {
        return store.write(cut);
      } catch (IOException failed) {
        if (disk.isPowerCut()) {
          throw failed;
        }
      }
    }
  }

  private void work() throws IOException {
    for (int i = chance.nextInt(5); i > 0; i--) {
      store.step();
    }
  }

  private void crash() throws IOException {
    if (chance.nextBoolean()) {
      disk.crash(chance);
    } else {
      disk.kill();
    }
    store.close();
    open();
    if (chance.nextInt(3) == 0) {
      checkAll();
    }
  }

  private void checkAll() throws IOException {
    for (int stream = 0; stream < STREAMS.size(); stream++) {
      Memory.Seen seen = seen(stream);
      Memory.Versions versions = store.versions(STREAMS.get(stream));
      for (int i = 0; i <= IDS; i++) {
        String id = "id" + i;
        byte[] bytes = bytes(id);
        long expected = idea.first(stream, id);
        assertEquals(expected, seen.first(bytes, 0, 3, 3, bytes.length - 3));
        assertEquals(expected, store.find(STREAMS.get(stream), "src", id));
        assertEquals(
            idea.versions.getOrDefault(STREAMS.get(stream) + "/" + id, Memory.Versions.NONE),
            versions.of(bytes, 3, bytes.length - 3));
      }
    }
  }

  /** A history without failures, then one flipped bit in any of the files that are in use. */
  void runAndDamage(int steps) throws Exception {
    for (int i = 0; i < steps; i++) {
      switch (chance.nextInt(5)) {
        case 0, 1 -> events();
        case 2 -> advance();
        case 3 -> commit();
        default -> work();
      }
    }
    store.close();
    List<String> files = new ArrayList<>(StateManifest.decode(commitOnce()).files());
    if (files.isEmpty()) {
      return;
    }
    files.sort(null);
    String file = files.get(chance.nextInt(files.size()));
    disk.corrupt(file, chance.nextLong(disk.bytes(file).length * 8L));
    boolean found = false;
    try {
      open();
      found = damagedAnswers() > 0;
      while (!found && store.step()) {}
      store.close();
    } catch (StateDamagedException damaged) {
      assertTrue(damaged.getMessage().contains(file), damaged.getMessage());
      found = true;
    }
    // A page of which everything is forgotten or overtaken may stay unread.
    assertTrue(found || file.endsWith(".run"), file + " is damaged, which nobody found");
  }

  private byte[] commitOnce() throws Exception {
    open();
    events();
    StateCut cut = store.cut();
    committed = store.write(cut);
    saved = new Saved(idea.copy(), position);
    store.close();
    return committed;
  }

  /** Every answer is right, or there is none. */
  private int damagedAnswers() throws IOException {
    int damaged = 0;
    for (int stream = 0; stream < STREAMS.size(); stream++) {
      Memory.Seen seen = seen(stream);
      for (int i = 0; i < IDS; i++) {
        byte[] bytes = bytes("id" + i);
        try {
          assertEquals(idea.first(stream, "id" + i), seen.first(bytes, 0, 3, 3, bytes.length - 3));
        } catch (StateDamagedException found) {
          damaged++;
        }
      }
    }
    return damaged;
  }
}
