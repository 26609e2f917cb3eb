package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.engine.Engine;
import dev.leat.engine.EngineOptions;
import dev.leat.event.DataFormat;
import dev.leat.event.EventBatch;
import dev.leat.event.EventDraft;
import dev.leat.event.EventLog;
import dev.leat.event.OsDisk;
import dev.leat.log.LogOptions;
import dev.leat.log.SegmentedLog;
import dev.leat.pipeline.Contents;
import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Kinds;
import dev.leat.pipeline.Places;
import dev.leat.pipeline.Plan;
import dev.leat.store.DuckStore;
import dev.leat.store.StoreOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code leat state} on a data directory that an engine of its own has filled. */
@Timeout(300)
class StateCommandTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path data;

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private List<Map<String, @Nullable Object>> versions(String command, int code) {
    assertEquals(
        code, run("state", command, "--data", data.toString(), "-o", "json"), err.toString());
    Map<String, @Nullable Object> json = Json.object(out.toString().getBytes(UTF_8));
    return Json.asList(json.get("versions")).stream().map(Json::asObject).toList();
  }

  /** A log, a store and an engine on the directory; counts the rows at the end. */
  private final class Life implements AutoCloseable {
    private final DuckStore store;
    private final EventLog log;
    private final Engine engine;

    Life() throws Exception {
      InstantSource clock = InstantSource.system();
      store = DuckStore.open(data.resolve("store"), StoreOptions.defaults(2), clock);
      OsDisk disk = new OsDisk(data);
      LogOptions options = LogOptions.defaults().withSegmentBytes(40 << 20);
      log = SegmentedLog.open(disk, options, clock, store.committed());
      engine =
          Engine.start(
              new Engine.Rooms(log, store, disk, _ -> plan()),
              new byte[] {1},
              new EngineOptions(2, Duration.ofHours(1), 1L << 30, 1L << 31),
              clock,
              new java.security.SecureRandom());
    }

    void send(int first, int count) throws Exception {
      EventBatch.Writer writer = new EventBatch.Writer(1 << 10);
      for (int i = first; i < first + count; i++) {
        EventDraft draft = new EventDraft();
        draft.id.set("id-" + i);
        draft.source.set("/test");
        draft.type.set("thing");
        draft.data.set("{\"n\":" + i + "}");
        draft.dataFormat = DataFormat.JSON;
        draft.timeMicros = i;
        draft.receivedMicros = i;
        writer.add(draft);
      }
      assertInstanceOf(EventLog.Append.Kept.class, log.append(writer.batch()));
      assertTrue(engine.drain(PATIENCE), () -> engine.status().detail());
    }

    void assertRows(long rows) throws Exception {
      assertTrue(engine.drain(PATIENCE), () -> engine.status().detail());
      assertEquals(rows, store.tally().rows().get("events"));
      assertEquals("", engine.balance().detail());
      assertEquals("", engine.status().detail());
    }

    @Override
    public void close() {
      engine.close();
      log.close();
      store.close();
    }
  }

  private static Plan plan() {
    Definition.Reading.Valid read =
        (Definition.Reading.Valid)
            Definition.parse(
                """
                streams:
                  - name: events
                    dedup: {window: 24h}
                metrics:
                  - name: by_source
                    from: events
                    window: {tumbling: 1h}
                    by: [source]
                    measures: {n: count()}
                """);
    Plan.Planning planning =
        Plan.compile(read.definition(), Places.NONE, Contents.NONE, Kinds.BUILT_IN);
    return ((Plan.Planning.Valid) planning).plan();
  }

  @Test
  void versionsAreListedVerifiedAndGoneBackTo() throws Exception {
    try (Life life = new Life()) {
      for (int round = 0; round < 4; round++) {
        life.send(round * 10, 10);
      }
      life.assertRows(40);
      assertEquals(1, run("state", "list", "--data", data.toString()));
      assertTrue(err.toString().contains("in use by another Leat (process "), err.toString());
    }
    List<Map<String, @Nullable Object>> listed = versions("list", 0);
    assertTrue(listed.size() >= 3, listed::toString);
    assertEquals(40L, Json.asLong(listed.getFirst().get("rows"), -1));
    assertEquals(2L, Json.asLong(listed.getFirst().get("format"), -1));
    assertEquals(1L, Json.asLong(listed.getFirst().get("definition"), -1));
    // A commit without rows may have come between.
    Map<String, @Nullable Object> before =
        listed.stream()
            .filter(version -> Json.asLong(version.get("rows"), -1) == 30)
            .findFirst()
            .orElseThrow(() -> new AssertionError(listed));
    for (Map<String, @Nullable Object> version : versions("verify", 0)) {
      assertEquals(true, version.get("whole"), version::toString);
    }
    assertEquals(0, run("state", "list", "--data", data.toString()));
    assertTrue(out.toString().contains("replayable"), out.toString());

    assertEquals(1, run("state", "rollback", "--to", "999", "--data", data.toString()));
    assertTrue(err.toString().contains("there is no version 999"), err.toString());
    long to = Json.asLong(before.get("version"), -1);
    assertEquals(
        0, run("state", "rollback", "--to", "" + to, "--data", data.toString()), err.toString());
    assertTrue(out.toString().contains("processes 10 events again"), out.toString());
    assertEquals(30L, Json.asLong(versions("list", 0).getFirst().get("rows"), -1));
    try (Life life = new Life()) {
      life.assertRows(40);
      life.send(0, 40); // Copies, all of which are known.
      life.assertRows(40);
    }
  }

  @Test
  void aFlippedBitIsFoundByVerifyAndSurvivedByTheNextStart() throws Exception {
    try (Life life = new Life()) {
      life.send(0, 10);
      life.send(10, 10);
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(data.resolve("state"))) {
      files = all.sorted().toList();
    }
    flip(files.getLast());
    List<Map<String, @Nullable Object>> verified = versions("verify", 1);
    assertEquals(false, verified.getFirst().get("whole"));
    assertTrue(
        Json.asObject(verified.getFirst().get("damage"))
            .containsKey("state/" + files.getLast().getFileName()),
        verified::toString);
    try (Life life = new Life()) {
      life.assertRows(20);
      life.send(0, 20);
      life.assertRows(20);
    }
    assertTrue(Files.exists(Path.of(files.getLast() + ".damaged")));
  }

  private static void flip(Path file) throws Exception {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      long at = channel.size() / 2;
      channel.read(one, at);
      one.put(0, (byte) (one.get(0) ^ 4)).flip();
      channel.write(one, at);
    }
  }

  @Test
  void goingBackIsRefusedWhereTheLogDoesNotReach() throws Exception {
    try (Life life = new Life()) {
      life.send(0, 10);
      life.send(10, 10);
    }
    List<Map<String, @Nullable Object>> listed = versions("list", 0);
    try (Stream<Path> all = Files.list(data.resolve("log"))) {
      for (Path file : all.toList()) {
        Files.delete(file);
      }
    }
    long to = Json.asLong(listed.get(1).get("version"), -1);
    assertEquals(1, run("state", "rollback", "--to", "" + to, "--data", data.toString()));
    assertTrue(err.toString().contains("their rows would be lost"), err.toString());
  }

  @Test
  void whereThereIsNothingItIsSaid() {
    assertEquals(2, run("state"));
    assertTrue(err.toString().contains("list, verify, or rollback"), err.toString());
    assertEquals(1, run("state", "list", "--data", data.resolve("none").toString()));
    assertTrue(err.toString().contains("there is no store"), err.toString());
  }
}
