package dev.leat.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.engine.CellFile.Place;
import dev.leat.pipeline.AggregatesCut;
import dev.leat.pipeline.BucketChange;
import dev.leat.pipeline.Level;
import dev.leat.testkit.SimDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A store of cells and the naive idea of it: a map of values by key for each bucket. */
final class CellStoreModel {
  private static final int METRICS = 2;
  private static final int BUCKETS = 12;
  private static final int KEYS = 6;

  private final RandomGenerator chance;
  private final SimDisk disk = new SimDisk();
  private final CellRules rules;
  private CellStore store;
  private long cut;
  private byte[] committed = {};

  /** What the last commit has, and what readers see; that lags if nobody tells of a commit. */
  private Map<Place, Map<String, String>> durable = new TreeMap<>();

  private Map<Place, Map<String, String>> visible = new TreeMap<>();

  /** What was asked for since the last cut that was written. */
  private List<Request> requests = new ArrayList<>();

  /** What a bucket held under a stamp of this life. */
  private final Map<String, Map<String, String>> stamps = new HashMap<>();

  /** A change, or the forgetting of what begins before the place. */
  private record Request(@Nullable BucketChange change, @Nullable Place forget) {}

  CellStoreModel(RandomGenerator chance) throws IOException {
    this.chance = chance;
    this.rules =
        new CellRules(
            2 + chance.nextInt(4),
            100 + chance.nextInt(500),
            600 + chance.nextInt(5_000),
            1 + chance.nextInt(3));
    open();
  }

  private void open() throws IOException {
    store = CellStore.openStill(disk, committed, rules);
    visible = copy(durable);
    requests = new ArrayList<>();
    stamps.clear();
    cut = 0;
  }

  private static Map<Place, Map<String, String>> copy(Map<Place, Map<String, String>> buckets) {
    Map<Place, Map<String, String>> copy = new TreeMap<>();
    buckets.forEach((place, cells) -> copy.put(place, new TreeMap<>(cells)));
    return copy;
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
    for (int i = 0; i <= rules.keptManifests(); i++) {
      committed = store.write(new AggregatesCut(++cut, new byte[0], List.of()));
      store.committed(committed);
    }
    List<String> named =
        CellManifest.decode(committed).names().stream()
            .map(name -> name.substring(StateFiles.CELLS.length() + 1))
            .sorted()
            .toList();
    assertEquals(named, disk.list(StateFiles.CELLS));
    assertTrue(named.size() <= rules.maxFiles() + 1, named::toString);
    checkAll();
    store.close();
  }

  private void act() throws Exception {
    switch (chance.nextInt(20)) {
      case 0, 1 -> submit();
      case 2 -> forget();
      case 3, 4, 5, 6, 7, 8, 9 -> commit(chance.nextInt(8), chance.nextInt(10) != 0);
      case 10, 11, 12 -> store.step();
      case 13 -> checkAll();
      case 14 -> scanWhileItChanges();
      case 15 -> disk.cutPowerAfter(1 + chance.nextInt(25));
      case 16 -> disk.failWrite(chance.nextInt(4));
      case 17 -> disk.failForce(chance.nextInt(4));
      default -> {
        if (chance.nextInt(3) == 0) {
          crash();
        }
      }
    }
  }

  private Place place() {
    Level level = chance.nextInt(3) == 0 ? Level.HOUR : Level.BASE;
    return new Place(chance.nextInt(METRICS) - 1L, level, chance.nextInt(BUCKETS) - 3L);
  }

  private List<BucketChange> changes(int count) {
    List<BucketChange> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Place place = place();
      boolean whole = chance.nextInt(4) == 0;
      Map<String, @Nullable String> cells = new TreeMap<>();
      for (int left = chance.nextInt(4); left > 0; left--) {
        boolean gone = !whole && chance.nextInt(3) == 0;
        String value = "v".repeat(chance.nextInt(60)) + chance.nextInt();
        cells.put("k" + chance.nextInt(KEYS), gone ? null : value);
      }
      boolean none = whole && cells.isEmpty() && chance.nextBoolean();
      byte[] block = none ? new byte[0] : encode(cells);
      changes.add(new BucketChange(place.metric(), place.level(), place.bucket(), whole, block));
    }
    return changes;
  }

  private void submit() {
    List<BucketChange> changes = changes(1 + chance.nextInt(3));
    store.submit(changes);
    changes.forEach(change -> requests.add(new Request(change, null)));
  }

  private void forget() {
    Place place = place();
    store.forget(place.metric(), place.level(), place.bucket());
    requests.add(new Request(null, place));
  }

  /** A commit, at once, or after failures, requests and merges. */
  private void commit(int changes, boolean told) throws Exception {
    Map<Place, Map<String, String>> after = copy(durable);
    AggregatesCut made = new AggregatesCut(++cut, new byte[0], changes(changes));
    byte[] manifest = write(made);
    for (Request request : requests) {
      apply(request, after);
    }
    requests.clear();
    made.changes().forEach(change -> apply(new Request(change, null), after));
    if (chance.nextInt(3) == 0) {
      submit();
    }
    if (chance.nextInt(3) == 0) {
      merge();
    }
    // The write of a commit may be all that a crash leaves of it.
    if (!told && chance.nextBoolean()) {
      crash();
      return;
    }
    assertArrayEquals(manifest, store.write(made));
    committed = manifest;
    durable = after;
    if (told) {
      store.committed(manifest);
      visible = copy(durable);
    }
  }

  /** A merge that fails keeps no commit from being finished. */
  private void merge() throws IOException {
    try {
      store.step();
    } catch (IOException failed) {
      if (disk.isPowerCut()) {
        throw failed;
      }
    }
  }

  private byte[] write(AggregatesCut made) throws Exception {
    while (true) {
      try {
        return store.write(made);
      } catch (IOException failed) {
        if (disk.isPowerCut()) {
          throw failed;
        }
      }
    }
  }

  private static void apply(Request request, Map<Place, Map<String, String>> buckets) {
    Place forget = request.forget();
    if (forget != null) {
      buckets
          .keySet()
          .removeIf(
              each ->
                  each.metric() == forget.metric()
                      && each.level() == forget.level()
                      && each.bucket() < forget.bucket());
      return;
    }
    BucketChange change = Objects.requireNonNull(request.change());
    Place place = new Place(change.metric(), change.level(), change.bucket());
    Map<String, String> cells = buckets.computeIfAbsent(place, _ -> new TreeMap<>());
    if (change.whole()) {
      cells.clear();
    }
    decode(change.block())
        .forEach(
            (key, value) -> {
              if (value == null) {
                cells.remove(key);
              } else {
                cells.put(key, value);
              }
            });
    if (cells.isEmpty()) {
      buckets.remove(place);
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

  /** Merges, and commits of other things, come between the blocks that are read. */
  private void scanWhileItChanges() throws Exception {
    Place some = place();
    Map<Place, Map<String, String>> before = copy(visible);
    List<Exception> failures = new ArrayList<>();
    Map<Long, Map<String, String>> found = new TreeMap<>();
    CellStore present = store;
    present.scan(
        some.metric(),
        some.level(),
        -100,
        100,
        (bucket, _, block) -> {
          try {
            if (store == present && failures.isEmpty() && chance.nextBoolean()) {
              commit(4, true);
              while (store.step()) {}
            }
          } catch (Exception failed) {
            failures.add(failed);
          }
          if (failures.isEmpty() && store == present) {
            found.put(bucket, values(block.get()));
          }
        });
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
    if (store == present) {
      assertEquals(expected(before, some.metric(), some.level(), -100, 100), nonEmpty(found));
    }
  }

  private void checkAll() throws IOException {
    for (long metric = -1; metric < METRICS; metric++) {
      for (Level level : Level.values()) {
        check(metric, level, -100, 100);
        check(metric, level, chance.nextInt(BUCKETS) - 3, chance.nextInt(BUCKETS) - 3);
        long end = store.first(metric, level);
        var there = expected(visible, metric, level, -100, 100).keySet();
        // A bucket of which each cell is gone may still be there, without any.
        assertTrue(there.stream().allMatch(begin -> begin >= end));
      }
    }
  }

  private void check(long metric, Level level, long from, long to) {
    TreeMap<Long, Map<String, String>> found = new TreeMap<>();
    store.scan(
        metric,
        level,
        from,
        to,
        (bucket, stamp, block) -> {
          assertTrue(found.isEmpty() || found.lastKey() < bucket);
          Map<String, String> cells = values(block.get());
          found.put(bucket, cells);
          String under = "%d %s %d %d".formatted(metric, level, bucket, stamp);
          assertEquals(stamps.computeIfAbsent(under, _ -> cells), cells);
        });
    assertEquals(expected(visible, metric, level, from, to), nonEmpty(found));
  }

  private static Map<Long, Map<String, String>> nonEmpty(Map<Long, Map<String, String>> found) {
    found.values().removeIf(Map::isEmpty);
    return found;
  }

  private static Map<Long, Map<String, String>> expected(
      Map<Place, Map<String, String>> buckets, long metric, Level level, long from, long to) {
    Map<Long, Map<String, String>> expected = new TreeMap<>();
    buckets.forEach(
        (place, cells) -> {
          if (place.metric() == metric
              && place.level() == level
              && place.bucket() >= from
              && place.bucket() < to) {
            expected.put(place.bucket(), cells);
          }
        });
    return expected;
  }

  static byte[] encode(Map<String, @Nullable String> cells) {
    ByteBuffer out = ByteBuffer.allocate(1 << 12).putInt(cells.size());
    cells.forEach(
        (key, value) -> {
          out.putShort((short) key.length()).put(key.getBytes(ISO_8859_1));
          out.putInt(value == null ? -1 : value.length());
          if (value != null) {
            out.put(value.getBytes(ISO_8859_1));
          }
        });
    byte[] block = new byte[out.position()];
    out.get(0, block);
    return block;
  }

  /** Null for cells that are gone. */
  static Map<String, @Nullable String> decode(byte[] block) {
    Map<String, @Nullable String> cells = new TreeMap<>();
    ByteBuffer in = ByteBuffer.wrap(block);
    for (int left = block.length == 0 ? 0 : in.getInt(); left > 0; left--) {
      String key = text(in, in.getShort());
      int length = in.getInt();
      cells.put(key, length < 0 ? null : text(in, length));
    }
    assertEquals(0, in.remaining());
    return cells;
  }

  private static String text(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, ISO_8859_1);
  }

  private static Map<String, String> values(byte[] block) {
    Map<String, String> values = new TreeMap<>();
    decode(block).forEach((key, value) -> values.put(key, Objects.requireNonNull(value)));
    return values;
  }

  /** A history without failures, then one flipped bit in any of the files that are in use. */
  void runAndDamage(int steps) throws Exception {
    for (int i = 0; i < steps; i++) {
      switch (chance.nextInt(4)) {
        case 0 -> submit();
        case 1 -> store.step();
        default -> commit(1 + chance.nextInt(8), true);
      }
    }
    commit(8, true);
    store.close();
    List<String> files = CellManifest.decode(committed).names().stream().sorted().toList();
    String file = files.get(chance.nextInt(files.size()));
    disk.corrupt(file, chance.nextLong(disk.bytes(file).length * 8L));
    try {
      open();
    } catch (StateDamagedException damaged) {
      assertTrue(damaged.getMessage().contains(file), damaged.getMessage());
      return;
    } catch (IllegalStateException newer) {
      assertTrue(newer.getMessage().contains("version"), newer.getMessage());
      return;
    }
    int before = damagedAnswers(file);
    mergeAll(file);
    assertEquals(before, damagedAnswers(file));
    // Others go on being committed and merged.
    for (int i = 0; i < 20; i++) {
      commit(4, true);
      mergeAll(file);
      damagedAnswers(file);
    }
    store.close();
  }

  private void mergeAll(String file) throws IOException {
    boolean more = true;
    while (more) {
      try {
        more = store.step();
      } catch (StateDamagedException damaged) {
        assertTrue(damaged.getMessage().contains(file), damaged.getMessage());
      }
    }
  }

  /** Every answer is right, or there is none. */
  private int damagedAnswers(String file) {
    int[] damagedAnswers = {0};
    for (long metric = -1; metric < METRICS; metric++) {
      long its = metric;
      for (Level level : Level.values()) {
        store.scan(
            metric,
            level,
            -100,
            100,
            (bucket, _, block) -> {
              try {
                assertEquals(
                    visible.getOrDefault(new Place(its, level, bucket), new TreeMap<>()),
                    values(block.get()));
              } catch (StateDamagedException damaged) {
                assertTrue(damaged.getMessage().contains(file), damaged.getMessage());
                damagedAnswers[0]++;
              }
            });
      }
    }
    return damagedAnswers[0];
  }
}
