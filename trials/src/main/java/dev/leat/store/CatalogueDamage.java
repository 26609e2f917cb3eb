package dev.leat.store;

import dev.leat.event.DataSchema;
import dev.leat.event.TableSpec;
import dev.leat.testkit.SimDisk;
import dev.leat.trials.Damage;
import dev.leat.trials.DamageCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The catalogue of a store, and the names of the files that its commits wrote. */
public final class CatalogueDamage implements DamageCase {
  private static final int KEEP = 3;
  private static final int COMMITS = 4;

  private final SimDisk disk = new SimDisk();
  private final Path directory = Files.createTempDirectory("leat-damage");
  private final TreeMap<String, Long> files = new TreeMap<>();
  private final List<CatalogueState> states = new ArrayList<>();

  /** A catalogue after a few commits, not rewritten since. */
  public CatalogueDamage() throws IOException {
    Path tables = Files.createDirectories(directory.resolve(FileWriter.ROOT));
    try (Catalogue catalogue = Catalogue.open(disk, 2, KEEP)) {
      states.add(catalogue.state());
      for (int version = 1; version <= COMMITS; version++) {
        String name = "%010d-%016x.parquet".formatted(version, version * 77L);
        Files.createFile(tables.resolve(name));
        catalogue.commit(change(version, FileWriter.ROOT + "/" + name));
        states.add(catalogue.state());
      }
    }
    disk.kill();
    files.put(Catalogue.NAME, (long) disk.bytes(Catalogue.NAME).length);
  }

  private static CatalogueState.Change change(int version, String path) {
    DataFile file =
        new DataFile(
            path,
            0,
            20_000 + version,
            10,
            1_000,
            0x1234_5678_9abc_def0L * version,
            5_000,
            new DataFile.Span(-5, 5, 6, 10L * version, 10L * version + 9),
            0,
            DataFile.PRESENT);
    CatalogueState.TableChange change =
        new CatalogueState.TableChange(
            version == 1 ? TableSpec.open("orders") : null,
            List.of(file),
            List.of(),
            List.of(),
            List.of(new DataSchema.Entry(version - 1, -1, "f" + version, DataSchema.Kind.LONG)),
            Map.of());
    return new CatalogueState.Change(
        version,
        10L * version + 10,
        "c3RhdGU" + version,
        1_000L * version,
        new TreeMap<>(Map.of("orders", change)));
  }

  @Override
  public String type() {
    return "catalogue";
  }

  @Override
  public SortedMap<String, Long> files() {
    return files;
  }

  @Override
  public Outcome open(Damage damage) throws Exception {
    SimDisk damaged = damage.on(disk);
    Outcome outcome = look(damaged, true);
    if (outcome instanceof Outcome.Wrong) {
      return outcome;
    }
    damaged.kill();
    Outcome again = look(damaged, false);
    return again instanceof Outcome.Wrong ? again : outcome;
  }

  private Outcome look(SimDisk damaged, boolean first) throws IOException {
    try (Catalogue catalogue = Catalogue.open(damaged, 2, KEEP)) {
      CatalogueState state = catalogue.state();
      if (state.equals(states.getLast())) {
        return Outcome.HARMLESS;
      }
      if (!states.contains(state)) {
        return Outcome.wrong("a state that never was: %s".formatted(state));
      }
      boolean said = !catalogue.damage().isEmpty() || !Recovery.lostEnd(directory, state).isEmpty();
      // The last commit alone can't be told from one that a crash met: it is made again.
      boolean lastAlone = state.equals(states.get(COMMITS - 1));
      return said || lastAlone || !first
          ? Outcome.DETECTED
          : Outcome.wrong("version %d, and nobody says so".formatted(state.version()));
    }
  }

  @Override
  public void close() throws IOException {
    TestFiles.delete(directory);
  }
}
