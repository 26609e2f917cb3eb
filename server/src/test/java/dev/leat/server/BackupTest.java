package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.pipeline.Definition;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a directory in use, restored and compared; and backups that are not whole. */
class BackupTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int PER_REQUEST = 100;
  private static final String DEFINITION =
      """
      streams:
        - name: orders
          match: type == 'order'
          rules:
            - {name: positive, check: data.total > 0}
      metrics:
        - name: sales
          from: orders
          window: {tumbling: 1m}
          measures: {n: count(), total: sum(data.total)}
      views:
        - name: sizes
          select: SELECT data.total AS total, count(*) AS n FROM orders GROUP BY data.total
      """;

  private final Progress quiet =
      new Progress(new PrintWriter(new StringWriter()), InstantSource.system(), false);

  @TempDir private Path directory;
  private Path config;

  @BeforeEach
  void writeDefinition() throws Exception {
    config = Files.writeString(directory.resolve("leat.yaml"), DEFINITION);
  }

  @Test
  void aBackupUnderLoadHoldsEveryEventAnsweredBeforeItBeganExactlyOnce() throws Exception {
    Path data = directory.resolve("data");
    AtomicLong answered = new AtomicLong();
    for (int starts = 0; starts < 2; starts++) {
      try (House house = open(data);
          LeatClient client = client(house)) {
        for (int i = 0; i < 5; i++) {
          send(client, answered.get());
          answered.addAndGet(PER_REQUEST);
        }
      }
    }
    AtomicBoolean enough = new AtomicBoolean();
    long before;
    DataBackup.Taken taken;
    try (House house = open(data);
        LeatClient client = client(house)) {
      Thread producer = Thread.ofVirtual().start(() -> sendUntil(enough, client, answered));
      long committed = answered.get();
      while (producer.isAlive() && answered.get() < committed + 5 * PER_REQUEST) {
        Thread.sleep(Duration.ofMillis(5));
      }
      before = answered.get();
      taken = take(data, directory.resolve("backup"), false);
      enough.set(true);
      producer.join();
    }
    assertTrue(before > 10 * PER_REQUEST, "the producer came to nothing");
    assertTrue(taken.manifest().end() > taken.manifest().position(), "nothing came from the log");
    assertTrue(taken.manifest().position() > 0, "nothing was committed");
    assertTrue(
        taken.manifest().files().stream().anyMatch(file -> file.path().startsWith("cells/")),
        "no results of metrics");
    assertTrue(
        taken.manifest().files().stream().anyMatch(file -> file.path().startsWith("state/")),
        "no memory of ids");

    Path restored = directory.resolve("restored");
    Restoration.Proof proof = Restoration.restore(directory.resolve("backup"), restored, quiet);
    assertEquals(List.of(), proof.problems());
    assertTrue(proof.decided() >= taken.manifest().end());
    try (House house = open(restored);
        LeatClient client = client(house)) {
      String sql =
          "SELECT count(*), count(DISTINCT id) FROM orders_history WHERE CAST(id AS BIGINT) < "
              + before;
      assertEquals(List.of(List.of(good(before), good(before))), ServerState.query(client, sql));
      // It knows what it has seen: sent again, all are duplicates.
      long duplicates = ServerState.decided(client).duplicates();
      for (long id = 0; id < before; id += PER_REQUEST) {
        send(client, id);
      }
      assertTrue(ServerState.awaitVisible(client, TIMEOUT));
      ServerState.Decided decided = ServerState.decided(client);
      assertTrue(decided.balanced());
      assertEquals(before, decided.duplicates() - duplicates);
      assertEquals(
          number(client, "SELECT count(*) FROM orders"),
          number(client, "SELECT sum(n) FROM sales"));
    }
  }

  @Test
  void whatIsDamagedOrMissingIsNamed() throws Exception {
    Path backup = backup(true);
    for (BackupManifest.Entry entry : BackupManifest.read(backup).files()) {
      Path file = backup.resolve(DataBackup.DATA).resolve(entry.path());
      Path aside = directory.resolve("aside");
      Files.move(file, aside);
      assertNames(backup, entry.path() + " is missing");
      byte[] bytes = Files.readAllBytes(aside);
      bytes[bytes.length / 2] ^= 4;
      Files.write(file, bytes);
      assertNames(backup, entry.path() + " is damaged");
      Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
      assertNames(backup, entry.path() + " is damaged");
      Files.delete(file);
      Files.move(aside, file);
    }
    assertEquals(List.of(), Restoration.check(backup, directory, quiet).problems());
  }

  @Test
  void aBackupThatWasNotFinishedIsRefused() throws Exception {
    Path backup = backup(false);
    Path manifest = backup.resolve(BackupManifest.FILE);
    byte[] whole = Files.readAllBytes(manifest);
    for (int length = 0; length < whole.length; length += 1 + length / 20) {
      Files.write(manifest, Arrays.copyOf(whole, length));
      assertNames(backup, "no whole backup");
    }
    for (int at = 0; at < whole.length; at += 1 + whole.length / 100) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      Files.write(manifest, flipped);
      assertNames(backup, "no whole backup");
    }
    Files.delete(manifest);
    assertNames(backup, "not finished");
    assertFalse(Files.exists(directory.resolve("restored")));
  }

  @Test
  void aKilledBackupIsRefusedAndAWholeOneRestores() throws Exception {
    Path data = filled();
    int killed = 0;
    for (int i = 0; i < 4; i++) {
      Path backup = directory.resolve("killed-" + i);
      Process process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Main.class.getName(),
                  "backup",
                  backup.toString(),
                  "--data",
                  data.toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("output-" + i).toFile())
              .start();
      while (process.isAlive() && !Files.exists(backup.resolve(DataBackup.DATA))) {
        Thread.onSpinWait();
      }
      if (i < 3) {
        process.destroyForcibly();
      }
      process.waitFor();
      if (Files.exists(backup.resolve(BackupManifest.FILE))) {
        assertEquals(List.of(), Restoration.check(backup, directory, quiet).problems());
      } else {
        killed++;
        assertThrows(CommandFailure.class, () -> Restoration.check(backup, directory, quiet));
      }
    }
    assertTrue(killed > 0, "none was killed in time");
    assertTrue(killed < 4, "the last one was not killed and is not whole");
  }

  @Test
  void nothingIsWrittenOverAndTheDataDirectoryStaysAsItIs() throws Exception {
    Path data = filled();
    Set<String> before = files(data);
    Path backup = directory.resolve("backup");
    take(data, backup, true);
    assertEquals(before, files(data));
    assertThrows(CommandFailure.class, () -> take(data, backup, true));
    assertThrows(CommandFailure.class, () -> take(data, data.resolve("inside"), true));
    assertThrows(
        CommandFailure.class, () -> take(directory.resolve("none"), directory.resolve("b2"), true));
    assertThrows(CommandFailure.class, () -> Restoration.restore(backup, data, quiet));
    assertEquals(before, files(data));
  }

  @Test
  void theCommandsPrintWhatTheyFound() throws Exception {
    Path data = filled();
    Path backup = directory.resolve("backup");
    Map<String, ?> taken = run(0, "backup", backup.toString(), "--data", data.toString());
    Map<String, ?> proof =
        run(0, "restore", "--check", backup.toString(), "--in", directory.toString());
    assertEquals(true, proof.get("proven"));
    assertEquals(taken.get("end"), proof.get("end"));
    assertEquals(good(PER_REQUEST) + 0L, Json.asObject(proof.get("rows")).get("orders"));
  }

  private static long number(LeatClient client, String sql) throws Exception {
    return Json.asLong(Json.asList(ServerState.query(client, sql).getFirst()).getFirst(), -1);
  }

  private static Map<String, ?> run(int status, String... words) {
    StringWriter out = new StringWriter();
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "-o";
    all[words.length + 1] = "json";
    StringWriter err = new StringWriter();
    int exit =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(all);
    assertEquals(status, exit, err::toString);
    return Json.object(out.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private void assertNames(Path backup, String expected) {
    CommandFailure refused =
        assertThrows(
            CommandFailure.class,
            () -> Restoration.restore(backup, directory.resolve("restored"), quiet));
    assertTrue(refused.getMessage().contains(expected), refused.getMessage());
  }

  private Path backup(boolean ownCopies) throws Exception {
    Path backup = directory.resolve("backup");
    take(filled(), backup, ownCopies);
    return backup;
  }

  private Path filled() throws Exception {
    Path data = directory.resolve("data");
    try (House house = open(data);
        LeatClient client = client(house)) {
      send(client, 0);
    }
    return data;
  }

  private DataBackup.Taken take(Path data, Path backup, boolean ownCopies) throws Exception {
    return DataBackup.take(data, backup, ownCopies, quiet, InstantSource.system());
  }

  private House open(Path data) {
    return House.open(
        Definition.DEFAULTS
            .withServer(new Definition.Server("127.0.0.1", 0))
            .withData(data.toString()),
        config);
  }

  private static LeatClient client(House house) {
    return new LeatClient(URI.create(house.url()));
  }

  /** How many of the first so many events pass the rule. */
  private static long good(long events) {
    return events - events / 10;
  }

  private static void sendUntil(AtomicBoolean enough, LeatClient client, AtomicLong answered) {
    try {
      while (!enough.get()) {
        send(client, answered.get());
        answered.addAndGet(PER_REQUEST);
      }
    } catch (Exception failed) {
      throw new IllegalStateException("a producer failed", failed);
    }
  }

  private static void send(LeatClient client, long firstId) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (long id = firstId; id < firstId + PER_REQUEST; id++) {
      lines.append(
          "{\"specversion\":\"1.0\",\"source\":\"/t\",\"type\":\"order\",\"id\":\"%d\",\"data\":{\"total\":%d}}\n"
              .formatted(id, id % 10));
    }
    byte[] body = lines.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    LeatClient.Reply reply =
        client.post("/v1/events", "application/x-ndjson", body, body.length, Map.of(), TIMEOUT);
    assertEquals(202, reply.status(), reply.text());
  }

  private static Set<String> files(Path root) throws Exception {
    Set<String> files = new HashSet<>();
    try (var all = Files.walk(root)) {
      for (Path path : all.toList()) {
        files.add(
            root.relativize(path) + (Files.isRegularFile(path) ? " " + Files.size(path) : ""));
      }
    }
    return files;
  }
}
