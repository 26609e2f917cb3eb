package dev.leat.server;

import dev.leat.engine.CommittedState;
import dev.leat.engine.SteeringRecords;
import dev.leat.event.Balance;
import dev.leat.event.EventStore;
import dev.leat.event.OsDisk;
import dev.leat.event.ReadOnlyDisk;
import dev.leat.log.LogCopy;
import dev.leat.log.LogCopy.Outcome.Copied;
import dev.leat.log.LogCopy.Outcome.Gone;
import dev.leat.server.StoreQuestions.Came;
import dev.leat.store.DuckStore;
import dev.leat.store.StoreCatalogue;
import dev.leat.store.StoreOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Builds a second view of the events of a log beside the first: a data directory whose log holds
 * them from a position on, at the same positions, and whose tables were made anew under one
 * definition. The first view, and the server that may be at work there, notice nothing. For one
 * thread.
 */
final class SecondView {
  private static final String SUFFIX = ".replaying";
  private static final String STORE = "store";
  private static final String DEFINITIONS = "definitions";
  private static final int MAX_TRIES = 20;

  private final Path data;
  private final ReadOnlyDisk source;
  private final Progress progress;

  /** The first view, at a version: its files are held, so that they can be read at leisure. */
  private record First(StoreCatalogue catalogue, CommittedState state, HeldFiles files) {}

  /**
   * What came out.
   *
   * @param begin the first position that was replayed
   * @param end the first that was not
   * @param comparedTo up to where the first view had committed its rows; from there on there is
   *     nothing to compare with
   * @param first what came of the events from the begin up to there in the first view, by stream
   * @param second the same in the second
   * @param beyond what came of later events in the second
   * @param lost events that the log could not give
   */
  record Outcome(
      long begin,
      long end,
      Instant from,
      long comparedTo,
      Map<String, Came> first,
      Map<String, Came> second,
      Map<String, Came> beyond,
      Balance balance,
      long lost) {
    Outcome {
      first = Map.copyOf(first);
      second = Map.copyOf(second);
      beyond = Map.copyOf(beyond);
    }
  }

  private SecondView(Path data, Progress progress) {
    this.data = data;
    this.source = new ReadOnlyDisk(data);
    this.progress = progress;
  }

  /**
   * Builds a second view.
   *
   * @param begin where to begin
   * @param config the definition; null for the one in force
   * @param target empty, or not there yet
   * @throws CommandFailure saying what stands in the way
   */
  static Outcome build(
      Path data, ReplayStart begin, @Nullable Path config, Path target, Progress progress)
      throws IOException, InterruptedException {
    Path from = data.toAbsolutePath().normalize();
    if (!Files.exists(from.resolve(STORE).resolve(StoreCatalogue.FILE))) {
      throw new CommandFailure("%s is no data directory; name it with --data".formatted(from));
    }
    if (target.toAbsolutePath().normalize().startsWith(from)) {
      throw new CommandFailure(
          "%s lies in the first view's directory: name another".formatted(target));
    }
    FreshDirectory fresh = FreshDirectory.begin(target, SUFFIX);
    try {
      Outcome outcome = new SecondView(from, progress).build(begin, config, fresh.work());
      FreshDirectory.forceAll(fresh.work());
      fresh.finish();
      return outcome;
    } catch (IOException | InterruptedException | RuntimeException failed) {
      fresh.discard();
      throw failed;
    }
  }

  private Outcome build(ReplayStart begin, @Nullable Path config, Path work)
      throws IOException, InterruptedException {
    Path compared = Files.createDirectory(work.resolve("first"));
    First first = hold(compared);
    try (HeldFiles held = first.files()) {
      long position = begin.position(source, first.catalogue());
      byte[] last = new byte[0];
      List<byte[]> recorded = new ArrayList<>();
      Copied log = copyLog(position, first, work, recorded);
      if (!recorded.isEmpty()) {
        last = recorded.getLast();
      } else if (!first.state().definitions().isEmpty()) {
        last = first.state().definitions().getLast().definition();
      }
      InstantSource then = InstantSource.fixed(instant(log.lastMicros()));
      byte[] definition = definition(config, last, work, then);
      int partitions =
          config == null
              ? first.catalogue().partitions()
              : DefinitionFile.read(config).log().partitions();
      StoreCatalogue empty =
          StoreCatalogue.beginningAt(
              partitions, position, CommittedState.beginningAt(position, definition));
      write(work, STORE + "/" + StoreCatalogue.FILE, empty.encode());
      for (String name : held.names()) {
        held.bring(name, _ -> {});
      }
      write(compared, STORE + "/" + StoreCatalogue.FILE, first.catalogue().encode());
      try (QuietHouse house = QuietHouse.open(work, partitions, definition, then)) {
        house.finish(progress);
        return compare(house, position, log, first.catalogue(), compared, then);
      }
    } finally {
      Directories.delete(compared);
    }
  }

  private First hold(Path compared) throws IOException {
    HeldFiles held = HeldFiles.between(data, compared, STORE + "/" + StoreCatalogue.FILE, false);
    String last = "";
    for (int i = 0; i < MAX_TRIES; i++) {
      StoreCatalogue catalogue = StoreCatalogue.read(new ReadOnlyDisk(data.resolve(STORE)));
      try {
        for (String file : catalogue.files()) {
          held.hold(STORE + "/" + file);
        }
        held.retain(
            catalogue.files().stream().map(file -> STORE + "/" + file).collect(Collectors.toSet()));
        return new First(catalogue, CommittedState.of(catalogue.committed()), held);
      } catch (NoSuchFileException vanished) {
        last = vanished.getFile();
      }
    }
    held.close();
    throw new CommandFailure(
        "the first view's files can't be held, the last one that was missed is %s: start a server on the directory, which says what was lost"
            .formatted(last));
  }

  private Copied copyLog(long position, First first, Path work, List<byte[]> recorded)
      throws IOException {
    SteeringRecords records = new SteeringRecords();
    long committed = first.catalogue().nextOffset();
    LogCopy.Outcome outcome =
        LogCopy.copy(
            source,
            position,
            new OsDisk(work),
            (batch, offset) -> {
              if (offset + batch.count() > committed) {
                recorded.addAll(records.definitions(batch));
              }
              return records.withdraw(batch, position);
            });
    return switch (outcome) {
      case Gone gone -> throw ReplayStart.tooOld(source, gone.first());
      case Copied copied when copied.firstMicros() == Long.MIN_VALUE ->
          throw new CommandFailure(
              "there is nothing in the log from position %,d on".formatted(position));
      case Copied copied -> copied;
    };
  }

  /** What decides in the second view; all that it needs is in the second directory then. */
  private byte[] definition(@Nullable Path config, byte[] last, Path work, InstantSource clock)
      throws IOException {
    if (config != null || last.length == 0) {
      try (Definitions definitions = Definitions.read(config, work, clock)) {
        return definitions.encoded();
      }
    }
    Files.createDirectories(work.resolve(DEFINITIONS));
    for (String name : DefinitionBundle.decode(last).copies()) {
      FileDigest.copy(
          data.resolve(DEFINITIONS).resolve(name),
          work.resolve(DEFINITIONS).resolve(name),
          _ -> {});
    }
    return last;
  }

  private static void write(Path root, String name, byte[] bytes) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    OsDisk disk = new OsDisk(root);
    try (var open = disk.open(name)) {
      open.write(ByteBuffer.wrap(bytes), 0);
      open.force();
    }
  }

  private Outcome compare(
      QuietHouse house,
      long begin,
      Copied log,
      StoreCatalogue first,
      Path compared,
      InstantSource then)
      throws IOException, InterruptedException {
    long until = Math.min(log.end(), Math.max(begin, first.nextOffset()));
    StoreQuestions second = new StoreQuestions(house.store());
    Map<String, Came> cameFirst;
    try (EventStore store =
        DuckStore.open(compared.resolve(STORE), StoreOptions.defaults(first.partitions()), then)) {
      cameFirst = new StoreQuestions(store).came(begin, until);
    }
    return new Outcome(
        begin,
        log.end(),
        instant(log.firstMicros()),
        until,
        cameFirst,
        second.came(begin, until),
        second.came(until, log.end()),
        house.balance(),
        log.lostEvents());
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
