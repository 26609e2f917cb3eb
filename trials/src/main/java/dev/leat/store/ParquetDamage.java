package dev.leat.store;

import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.Commit;
import dev.leat.event.OsDisk;
import dev.leat.event.TableSpec;
import dev.leat.testkit.SimDisk;
import dev.leat.testkit.TestAnswer;
import dev.leat.testkit.TestRows;
import dev.leat.trials.Damage;
import dev.leat.trials.DamageCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The Parquet files of a table. Each damage is tried on the check that comes before any row shows;
 * one in a few thousand on a whole store that is asked.
 */
public final class ParquetDamage implements DamageCase {
  private static final String TABLE = "events";
  private static final StoreOptions OPTIONS =
      StoreOptions.defaults(1).withLayout(1_000, 1 << 20, Duration.ofDays(1), 2);
  private static final int ROWS = 12;
  private static final int ASKED_EVERY = 4_000;
  private static final int ASKED_MOST = 30;

  private final Path directory = Files.createTempDirectory("leat-damage");
  private final TreeMap<String, byte[]> tables = new TreeMap<>();
  private final SortedMap<String, byte[]> others;
  private final List<DataFile> known;
  private final SimDisk disk;
  private final AtomicInteger tried = new AtomicInteger();

  /** A table of two commits. */
  public ParquetDamage() throws IOException, InterruptedException {
    Path root = Files.createDirectory(directory.resolve("corpus"));
    try (DuckStore store = DuckStore.open(root, OPTIONS, InstantSource.system())) {
      store.define(TableSpec.open(TABLE));
      commit(store, 0);
      commit(store, ROWS);
    }
    try (Catalogue catalogue = Catalogue.open(new OsDisk(root), 1, 2)) {
      known = Objects.requireNonNull(catalogue.state().tables().get(TABLE)).present();
    }
    others = TestFiles.below(root, root);
    for (DataFile file : known) {
      tables.put(file.path(), Objects.requireNonNull(others.remove(file.path())));
    }
    others.keySet().removeIf(name -> name.contains("carriers"));
    disk = TestFiles.disk(tables);
  }

  private static void commit(DuckStore store, long from) throws InterruptedException {
    TestRows rows = new TestRows(store, TABLE, 0);
    for (long offset = from; offset < from + ROWS; offset++) {
      rows.add(
          offset,
          Instant.EPOCH.plusSeconds(offset),
          Map.of("n", offset, "name", "row " + offset, "part", offset / 4.0));
    }
    rows.publish(from + ROWS);
    if (!(store.commit(rows.intake().cut(), new byte[0]) instanceof Commit.Done)) {
      throw new IllegalStateException(store.status().detail());
    }
  }

  @Override
  public String type() {
    return "parquet";
  }

  @Override
  public SortedMap<String, Long> files() {
    return TestFiles.sizes(tables);
  }

  @Override
  public Outcome open(Damage damage) throws Exception {
    int number = tried.getAndIncrement();
    if (number % ASKED_EVERY == 0 && number / ASKED_EVERY < ASKED_MOST) {
      Outcome asked = ask(damage, number);
      if (asked instanceof Outcome.Wrong) {
        return asked;
      }
    }
    SimDisk damaged = damage.on(disk);
    Snapshot all = new Snapshot(1, Map.of(TABLE, new Snapshot.Rows(known, List.of(), 0)));
    Tables now = new Tables(all, 2 * ROWS);
    FileCheck check = new FileCheck(damaged, now, List.of());
    List<String> sound = new ArrayList<>();
    for (DataFile file : known) {
      if (check.isSound(TABLE, file)) {
        sound.add(file.path());
      }
    }
    List<String> shown = now.snapshot().of(TABLE).files().stream().map(DataFile::path).toList();
    List<String> right =
        known.stream().map(DataFile::path).filter(path -> !path.equals(damage.file())).toList();
    return sound.equals(right)
            && shown.equals(right)
            && check.problems().size() == 1
            && damaged.exists(damage.file() + Recovery.ASIDE)
        ? Outcome.DETECTED
        : Outcome.wrong("%s are taken for sound, %s are shown".formatted(sound, shown));
  }

  /** A store of its own, asked for all rows. */
  private Outcome ask(Damage damage, int number) throws IOException, InterruptedException {
    Path root = directory.resolve("copy-" + number);
    write(root, others);
    write(root, tables);
    Files.write(
        root.resolve(damage.file()), damage.to(Objects.requireNonNull(tables.get(damage.file()))));
    List<Long> right = new ArrayList<>();
    for (DataFile file : known) {
      if (!file.path().equals(damage.file())) {
        for (long at = file.span().minOffset(); at <= file.span().maxOffset(); at++) {
          right.add(at);
        }
      }
    }
    try (DuckStore store = DuckStore.open(root, OPTIONS, InstantSource.system())) {
      TestAnswer answer =
          TestAnswer.of(store, "SELECT log_offset, data.n FROM events ORDER BY log_offset");
      List<Object> offsets = new ArrayList<>();
      answer.rows().forEach(row -> offsets.add(row.getFirst()));
      boolean same = answer.rows().stream().allMatch(row -> row.get(0).equals(row.get(1)));
      return answer.end() instanceof Answer.Rows
              && same
              && offsets.equals(right)
              && store.status().detail().contains(damage.file())
          ? Outcome.DETECTED
          : Outcome.wrong(
              "asked, the store answers %s: %s".formatted(answer, store.status().detail()));
    } finally {
      TestFiles.delete(root);
    }
  }

  private static void write(Path root, SortedMap<String, byte[]> files) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }

  @Override
  public void close() throws IOException {
    TestFiles.delete(directory);
  }
}
