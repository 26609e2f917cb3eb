package dev.leat.server;

import dev.leat.event.Balance;
import dev.leat.event.EventStore;
import dev.leat.server.BackupManifest.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes a data directory of a backup and proves it: every file is what the manifest says, the log
 * can be processed to its end, and then everything is where it should be. For one thread.
 */
final class Restoration {
  private static final String SUFFIX = ".restoring";

  private final Path backup;
  private final BackupManifest manifest;
  private final Progress progress;

  /**
   * What was found when the log was processed.
   *
   * @param decided every event below it has a verdict
   * @param rows how many rows each table has had
   * @param problems what is not as it should be; empty if the backup is proven
   */
  record Proof(
      BackupManifest manifest,
      long decided,
      Balance balance,
      SortedMap<String, Long> rows,
      List<String> problems) {
    Proof {
      problems = List.copyOf(problems);
    }

    boolean holds() {
      return problems.isEmpty();
    }
  }

  private Restoration(Path backup, Progress progress) {
    this.backup = backup;
    this.manifest = BackupManifest.read(backup);
    this.progress = progress;
  }

  /**
   * Restores a backup. The directory has its name only if the proof holds.
   *
   * @param target empty, or not there yet
   * @throws CommandFailure naming every file that is damaged or missing
   */
  static Proof restore(Path backup, Path target, Progress progress)
      throws IOException, InterruptedException {
    Restoration restoration = new Restoration(backup, progress);
    FreshDirectory fresh = FreshDirectory.begin(target, SUFFIX);
    Proof proof;
    try {
      restoration.copyTo(fresh.work());
      proof = restoration.prove(fresh.work());
    } catch (IOException | InterruptedException | RuntimeException failed) {
      fresh.discard();
      throw failed;
    }
    if (proof.holds()) {
      fresh.finish();
    } else {
      fresh.discard();
    }
    return proof;
  }

  /**
   * Proves a backup in a directory that is removed afterwards.
   *
   * @param parent where that is made
   */
  static Proof check(Path backup, Path parent, Progress progress)
      throws IOException, InterruptedException {
    Restoration restoration = new Restoration(backup, progress);
    Path temporary = Files.createTempDirectory(parent, "leat-check-");
    try {
      restoration.copyTo(temporary);
      return restoration.prove(temporary);
    } finally {
      Directories.delete(temporary);
    }
  }

  private void copyTo(Path target) throws IOException {
    List<String> problems = new ArrayList<>();
    DataBackup.Meter meter = new DataBackup.Meter(progress, manifest.bytes());
    Path data = backup.resolve(DataBackup.DATA).toAbsolutePath().normalize();
    for (Entry file : manifest.files()) {
      Path from = data.resolve(file.path()).normalize();
      Path to = target.resolve(file.path()).normalize();
      if (!from.startsWith(data) || !to.startsWith(target)) {
        problems.add("%s leads out of the backup".formatted(file.path()));
        continue;
      }
      Files.createDirectories(Objects.requireNonNull(to.getParent()));
      String problem = copy(from, to, file, meter);
      if (!problem.isEmpty()) {
        problems.add(problem);
      }
    }
    progress.clear();
    if (!problems.isEmpty()) {
      throw new CommandFailure(
          "%s is damaged and is not restored:%n  %s"
              .formatted(backup, String.join(System.lineSeparator() + "  ", problems)));
    }
    FreshDirectory.forceAll(target);
  }

  /** What is wrong with a file; empty if nothing. */
  private static String copy(Path from, Path to, Entry file, DataBackup.Meter meter)
      throws IOException {
    try {
      FileDigest.Result result = FileDigest.copy(from, to, meter::add);
      if (result.bytes() != file.bytes()) {
        return "%s is damaged: it has %,d bytes instead of %,d"
            .formatted(file.path(), result.bytes(), file.bytes());
      }
      return result.sha256().equals(file.sha256())
          ? ""
          : "%s is damaged: its checksum is another".formatted(file.path());
    } catch (NoSuchFileException missing) {
      return "%s is missing".formatted(file.path());
    }
  }

  private Proof prove(Path data) throws IOException, InterruptedException {
    progress.say(
        "every file is whole; processing the log from position %,d to %,d"
            .formatted(manifest.position(), manifest.end()));
    byte[] definition = manifest.definition();
    InstantSource then = InstantSource.fixed(manifest.taken());
    if (definition.length == 0) {
      definition = Definitions.read(null, data, then).encoded();
    }
    try (QuietHouse house = QuietHouse.open(data, manifest.partitions(), definition, then)) {
      List<String> problems = new ArrayList<>();
      if (house.end() < manifest.end()) {
        problems.add(
            "the log ends at position %,d instead of %,d".formatted(house.end(), manifest.end()));
      }
      house.finish(progress);
      Balance balance = house.balance();
      checkBalance(balance, problems);
      checkRows(house.store(), problems);
      return new Proof(
          manifest,
          balance.position(),
          balance,
          new TreeMap<>(house.store().tally().rows()),
          problems);
    }
  }

  private void checkBalance(Balance balance, List<String> problems) {
    if (balance.position() < manifest.end()) {
      problems.add(
          "events are decided up to position %,d instead of %,d"
              .formatted(balance.position(), manifest.end()));
    }
    if (balance.lost() != manifest.lost()) {
      problems.add(
          "%,d events can't be read from the log; when the backup was made it were %,d"
              .formatted(balance.lost(), manifest.lost()));
    }
    if (balance.lost() == 0 && !balance.balanced()) {
      problems.add("the balance does not hold: " + balance.detail());
    }
    if (balance.total().gap() != balance.lost()) {
      problems.add(
          "of %,d events accepted, %,d are not where they should be"
              .formatted(balance.total().accepted(), balance.total().gap()));
    }
  }

  private void checkRows(EventStore store, List<String> problems) throws InterruptedException {
    EventStore.Status status = store.status();
    if (!status.healthy()) {
      problems.add(status.detail());
    }
    Map<String, Long> rows = store.tally().rows();
    manifest
        .rows()
        .forEach(
            (table, before) -> {
              long now = rows.getOrDefault(table, 0L);
              if (now < before) {
                problems.add(
                    "the table %s has had %,d rows, it were %,d when the backup was made"
                        .formatted(table, now, before));
              }
            });
    StoreQuestions questions = new StoreQuestions(store);
    for (EventStore.TableStatus table : status.tables()) {
      long there = table.sealedRows() + table.hotRows();
      long read = questions.count(table.name());
      if (read != there) {
        problems.add(
            "the table %s has %,d rows, %,d can be read".formatted(table.name(), there, read));
      }
    }
  }
}
