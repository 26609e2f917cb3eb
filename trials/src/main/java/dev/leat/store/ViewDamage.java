package dev.leat.store;

import dev.leat.event.EventStore.Commit;
import dev.leat.event.TableSpec;
import dev.leat.event.ViewSpec;
import dev.leat.testkit.SimDisk;
import dev.leat.testkit.TestRows;
import dev.leat.trials.Damage;
import dev.leat.trials.DamageCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;

/** The files of a view that follows events: its rows, and the note that says how far they go. */
public final class ViewDamage implements DamageCase {
  private static final String VIEW = "sums";

  private final SortedMap<String, byte[]> files;
  private final SimDisk disk;
  private final ViewResult right;

  /** A view after one refresh. */
  public ViewDamage() throws IOException, InterruptedException {
    Path root = Files.createTempDirectory("leat-damage");
    try (DuckStore store = DuckStore.open(root, StoreOptions.defaults(1), InstantSource.system())) {
      store.define(TableSpec.open("events"));
      TestRows rows = new TestRows(store, "events", 0);
      for (long offset = 0; offset < 10; offset++) {
        rows.add(offset, Instant.EPOCH, Map.of("n", offset, "kind", offset % 3));
      }
      rows.publish(10);
      if (!(store.commit(rows.intake().cut(), new byte[0]) instanceof Commit.Done)) {
        throw new IllegalStateException(store.status().detail());
      }
      store.materialise(
          List.of(
              new ViewSpec(
                  VIEW,
                  "SELECT data.kind AS kind, sum(data.n) AS s FROM events GROUP BY ALL",
                  null)));
      store.refreshViews();
    }
    files = TestFiles.below(root.resolve(ViewFiles.ROOT), root);
    disk = TestFiles.disk(files);
    right = Objects.requireNonNull(new ViewFiles(disk).read(VIEW));
    TestFiles.delete(root);
  }

  @Override
  public String type() {
    return "views";
  }

  @Override
  public SortedMap<String, Long> files() {
    return TestFiles.sizes(files);
  }

  /** What is not carried on is computed anew. */
  @Override
  public Outcome open(Damage damage) throws Exception {
    ViewFiles damaged = new ViewFiles(damage.on(disk));
    ViewResult result = damaged.read(VIEW);
    if (result == null || !damaged.isSound(result)) {
      return Outcome.DETECTED;
    }
    return result.equals(right)
        ? Outcome.HARMLESS
        : Outcome.wrong("carries on from %s".formatted(result));
  }

  @Override
  public void close() {
    // All of it is in memory.
  }
}
