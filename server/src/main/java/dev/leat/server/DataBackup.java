package dev.leat.server;

import dev.leat.engine.CommittedState;
import dev.leat.engine.InForce;
import dev.leat.engine.SteeringRecords;
import dev.leat.event.OsDisk;
import dev.leat.event.ReadOnlyDisk;
import dev.leat.log.LogCopy;
import dev.leat.log.LogCopy.Outcome.Copied;
import dev.leat.log.LogCopy.Outcome.Gone;
import dev.leat.server.BackupManifest.Entry;
import dev.leat.store.StoreCatalogue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes a copy of a data directory without asking the server that may be at work there, and without
 * writing anything that the server reads. For one thread.
 *
 * <p>What is committed are files that never change and that the catalogue names in one piece. So:
 * read the catalogue, hold every file it names, copy the log from the catalogue's position to its
 * end, hold the copies of definitions that the log may need. If the server has removed something in
 * between, begin again with the version it has come to. Only then are the files brought to where
 * they should go, which may take as long as it likes. Views of the definition are not copied: they
 * are computed from the rows.
 */
final class DataBackup {
  /** Below the backup's directory: the data directory that it holds. */
  static final String DATA = "data";

  private static final String STORE = "store";
  private static final String CATALOGUE = STORE + "/" + StoreCatalogue.FILE;
  private static final String DEFINITIONS = "definitions";
  private static final String LOG = "log";
  private static final int MAX_TRIES = 20;

  private final Path data;
  private final Path target;
  private final ReadOnlyDisk source;
  private final Progress progress;
  private final InstantSource clock;

  /** One consistent view: what a try that succeeded has found. */
  @SuppressWarnings("ArrayRecordComponent") // Opaque bytes, compared by nobody.
  private record Found(StoreCatalogue catalogue, CommittedState state, Copied log, byte[] last) {}

  private DataBackup(Path data, Path directory, Progress progress, InstantSource clock) {
    this.data = data;
    this.target = directory.resolve(DATA);
    this.source = new ReadOnlyDisk(data);
    this.progress = progress;
    this.clock = clock;
  }

  /** What came out, and how the files got there. */
  record Taken(BackupManifest manifest, HeldFiles.Way way) {}

  /**
   * Takes a backup.
   *
   * @param data where a server may be at work
   * @param directory empty, or not there yet
   * @param ownCopies whether to copy files also where links would do
   * @throws CommandFailure saying what stands in the way
   */
  static Taken take(
      Path data, Path directory, boolean ownCopies, Progress progress, InstantSource clock)
      throws IOException {
    Path from = data.toAbsolutePath().normalize();
    Path into = directory.toAbsolutePath().normalize();
    if (!Files.exists(from.resolve(CATALOGUE))) {
      throw new CommandFailure(
          "%s is no data directory: there is no %s; name it with --data"
              .formatted(from, CATALOGUE));
    }
    if (into.startsWith(from)) {
      throw new CommandFailure(
          "%s lies in the data directory, and would go with it: name another".formatted(into));
    }
    FreshDirectory.requireEmpty(into);
    DataBackup backup = new DataBackup(from, into, progress, clock);
    Files.createDirectories(backup.target);
    try (HeldFiles held = HeldFiles.between(from, backup.target, CATALOGUE, ownCopies)) {
      BackupManifest manifest = backup.complete(backup.find(held), held);
      write(into.resolve(BackupManifest.FILE), manifest.encode());
      FreshDirectory.forceDirectory(into);
      FreshDirectory.forceParent(into);
      return new Taken(manifest, held.way());
    }
  }

  private Found find(HeldFiles held) throws IOException {
    String stuck = "";
    for (int i = 0; i < MAX_TRIES; i++) {
      StoreCatalogue catalogue = StoreCatalogue.read(new ReadOnlyDisk(data.resolve(STORE)));
      progress.say(
          "version %d of the store, which reaches to position %d"
              .formatted(catalogue.version(), catalogue.nextOffset()));
      try {
        Found found = tryToHold(catalogue, held);
        if (found != null) {
          return found;
        }
        stuck = "the log was recycled while it was copied";
      } catch (NoSuchFileException vanished) {
        String problem =
            "%s, which version %d names, is not there"
                .formatted(data.relativize(Path.of(vanished.getFile())), catalogue.version());
        if (problem.equals(stuck)) {
          throw new CommandFailure(
              problem + ": start a server on the directory, which says what was lost with it",
              vanished);
        }
        stuck = problem;
      }
    }
    throw new CommandFailure(
        "the server moves on faster than its files can be held (%d tries; the last one: %s): try again when there is less to do, or keep the log longer"
            .formatted(MAX_TRIES, stuck));
  }

  /** Null if the log does not reach back to the catalogue's position any more. */
  private @Nullable Found tryToHold(StoreCatalogue catalogue, HeldFiles held) throws IOException {
    CommittedState state = CommittedState.of(catalogue.committed());
    Set<String> names = new TreeSet<>(state.files());
    catalogue.files().forEach(file -> names.add(STORE + "/" + file));
    held.retain(names.stream().filter(DataBackup::isUnique).collect(Collectors.toSet()));
    for (String name : names) {
      held.hold(name);
    }
    holdDefinitions(held);
    Path log = target.resolve(LOG);
    if (Files.exists(log)) {
      Directories.delete(log);
    }
    SteeringRecords records = new SteeringRecords();
    List<byte[]> recorded = new ArrayList<>();
    LogCopy.Outcome outcome =
        LogCopy.copy(
            source,
            catalogue.nextOffset(),
            new OsDisk(target),
            (batch, _) -> {
              recorded.addAll(records.definitions(batch));
              return false;
            });
    holdDefinitions(held);
    requireDefinitions(state, recorded, held);
    return switch (outcome) {
      case Gone _ -> null;
      case Copied copied -> new Found(catalogue, state, copied, last(state, recorded));
    };
  }

  /** Names of files with rows are drawn by lot; others might come again after a crash. */
  private static boolean isUnique(String name) {
    return name.startsWith(STORE + "/" + StoreCatalogue.ROWS + "/");
  }

  private void holdDefinitions(HeldFiles held) throws IOException {
    for (String name : source.list(DEFINITIONS)) {
      if (ContentStore.isName(name)) {
        try {
          held.hold(DEFINITIONS + "/" + name);
        } catch (NoSuchFileException forgotten) {
          progress.say(name + " is forgotten by now"); // If it is needed it is missed below.
        }
      }
    }
  }

  private void requireDefinitions(CommittedState state, List<byte[]> recorded, HeldFiles held)
      throws IOException {
    Set<String> needed = new HashSet<>();
    for (InForce known : state.definitions()) {
      needed.addAll(DefinitionBundle.decode(known.definition()).copies());
    }
    for (byte[] definition : recorded) {
      needed.addAll(DefinitionBundle.decode(definition).copies());
    }
    for (String name : needed) {
      if (!held.holds(DEFINITIONS + "/" + name)) {
        throw new NoSuchFileException(data.resolve(DEFINITIONS).resolve(name).toString());
      }
    }
  }

  private static byte[] last(CommittedState state, List<byte[]> recorded) {
    if (!recorded.isEmpty()) {
      return recorded.getLast();
    }
    return state.definitions().isEmpty() ? new byte[0] : state.definitions().getLast().definition();
  }

  /** Brings everything to its place, durably, and says what it is. */
  private BackupManifest complete(Found found, HeldFiles held) throws IOException {
    write(target.resolve(CATALOGUE), found.catalogue().encode());
    long all = held.bytes() + found.log().bytes();
    Meter meter = new Meter(progress, all);
    List<Entry> files = new ArrayList<>();
    for (String name : held.names()) {
      FileDigest.Result file = held.bring(name, meter::add);
      files.add(new Entry(name, file.bytes(), file.sha256()));
    }
    List<String> own = new ArrayList<>(List.of(CATALOGUE));
    try (Stream<Path> segments = Files.list(target.resolve(LOG))) {
      segments.sorted().forEach(path -> own.add(LOG + "/" + path.getFileName()));
    }
    for (String name : own) {
      FileDigest.Result file = FileDigest.of(target.resolve(name), meter::add);
      files.add(new Entry(name, file.bytes(), file.sha256()));
    }
    progress.clear();
    FreshDirectory.forceAll(target);
    return new BackupManifest(
        Main.Version.number(),
        clock.instant(),
        found.catalogue().version(),
        found.catalogue().partitions(),
        found.catalogue().nextOffset(),
        found.log().end(),
        found.state().lost() + found.log().lostEvents(),
        found.last(),
        new TreeMap<>(found.catalogue().rows()),
        files);
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  /** Shows how much of so many bytes is done. */
  static final class Meter {
    private final Progress progress;
    private final long all;
    private long done;

    Meter(Progress progress, long all) {
      this.progress = progress;
      this.all = all;
    }

    void add(long bytes) {
      done += bytes;
      if (progress.isDue()) {
        progress.show(
            all == 0 ? 1 : (double) done / all,
            "%,d of %,d MB".formatted(done / 1_000_000, all / 1_000_000));
      }
    }
  }
}
