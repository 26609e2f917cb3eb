package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.pipeline.Kinds;
import dev.leat.pipeline.Mistake;
import dev.leat.pipeline.Plan.Planning;
import dev.leat.server.DefinitionLoader.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock and the files' times are the test's: a look is a call, a second is a number. */
class DefinitionWatchTest {
  private static final String YAML =
      """
      streams:
        - {name: a, match: type == 'a', schema: a.json}
      lookups:
        l: {file: l.csv, key: k, refresh: 10s}
      """;

  @TempDir private Path directory;
  private Instant now = Instant.parse("2025-01-01T00:00:00Z");
  private final List<Loaded> versions = new ArrayList<>();
  private final CountDownLatch taken = new CountDownLatch(1);
  private List<Mistake> refusal = List.of();

  @BeforeEach
  void write() throws IOException {
    put("leat.yaml", YAML);
    put("a.json", "{}");
    put("l.csv", "k,v\n1,2\n");
    now = now.plusSeconds(60);
  }

  @Test
  void nothingChangedIsNoVersion() throws Exception {
    DefinitionWatch watch = watch();
    looks(watch, 30);
    put("a.json", "{}"); // written again as it was
    looks(watch, 5);
    assertEquals(0, versions.size());
    assertEquals(List.of(), watch.problems());
  }

  @Test
  void aChangeIsTakenOnceItHasSettled() throws Exception {
    DefinitionWatch watch = watch();
    put("a.json", "{\"type\":");
    looks(watch, 1);
    put("a.json", "{\"type\": \"object\"}");
    looks(watch, 1);
    assertEquals(0, versions.size(), "it was still being written");
    looks(watch, 1);
    assertEquals(1, versions.size());
    assertEquals(
        "{\"type\": \"object\"}", versions.getFirst().content().contents().schemas().get("a.json"));
    looks(watch, 30);
    assertEquals(1, versions.size());
  }

  @Test
  void lookupsAreLookedAtAsOftenAsTheySay() throws Exception {
    DefinitionWatch watch = watch();
    looks(watch, 11);
    put("l.csv", "k,v\n1,2\n2,3\n");
    looks(watch, 8);
    assertEquals(0, versions.size());
    looks(watch, 4);
    assertEquals(1, versions.size());
    assertEquals(2, versions.getFirst().content().contents().lookups().get("l").rows());
  }

  @Test
  void aSecondChangeWithinOneTickOfTheClockIsSeen() throws Exception {
    DefinitionWatch watch = watch();
    put("leat.yaml", YAML.replace("'a'", "'b'"));
    assertEquals(List.of(), watch.reload());
    put("leat.yaml", YAML.replace("'a'", "'c'"));
    looks(watch, 1);
    assertEquals(1, versions.size(), "it looks the same");
    looks(watch, 2);
    assertEquals(2, versions.size());
    assertEquals(
        "type == 'c'", versions.getLast().content().definition().streams().getFirst().match());
  }

  @Test
  void whatBreaksLeavesTheLastGoodVersionAndIsSaid() throws Exception {
    DefinitionWatch watch = watch();
    put("leat.yaml", YAML + "steams: []\n");
    looks(watch, 2);
    String problem = directory.resolve("leat.yaml") + ":5:1: unknown key 'steams'; did you mean ";
    assertTrue(watch.problems().getFirst().startsWith(problem), watch.problems().toString());

    put("leat.yaml", YAML);
    looks(watch, 4);
    assertEquals(List.of(), watch.problems());
    assertEquals(0, versions.size(), "it is what is in force");

    Files.delete(directory.resolve("a.json"));
    looks(watch, 2);
    assertTrue(watch.problems().getFirst().contains("there is no file"), watch.problems() + "");
    put("a.json", "{ }");
    looks(watch, 2);
    assertEquals(1, versions.size());

    Files.delete(directory.resolve("leat.yaml"));
    looks(watch, 2);
    assertTrue(watch.problems().getFirst().contains("there is no file"), watch.problems() + "");
    put("leat.yaml", YAML.replace("'a'", "'b'"));
    looks(watch, 2);
    assertEquals(2, versions.size());
    assertEquals(List.of(), watch.problems());
  }

  @Test
  void aVersionThatIsNotTakenIsAProblem() throws Exception {
    DefinitionWatch watch = watch();
    refusal = List.of(new Mistake(2, 3, "streams[0]", "no"));
    put("a.json", "{  }");
    looks(watch, 2);
    assertEquals(
        List.of(directory.resolve("leat.yaml") + ":2:3: streams[0]: no"), watch.problems());
    refusal = List.of();
    put("a.json", "{}");
    looks(watch, 4);
    assertEquals(List.of(), watch.problems());
    assertEquals(1, versions.size(), "the refused one alone was offered");
  }

  @Test
  void aLookupThatIsMendedIsSeenSoonHoweverSeldomItIsLookedAt() throws Exception {
    DefinitionWatch watch = watch();
    put("l.csv", "x,v\n1,2\n");
    looks(watch, 12);
    assertTrue(watch.problems().getFirst().contains("unknown column 'k'"), watch.problems() + "");
    put("l.csv", "k,v\n1,3\n");
    looks(watch, 2);
    assertEquals(List.of(), watch.problems());
    assertEquals(1, versions.size());
  }

  @Test
  void reloadingDoesNotWait() throws Exception {
    DefinitionWatch watch = watch();
    assertEquals(List.of(), watch.reload());
    assertEquals(0, versions.size());
    put("l.csv", "k,v\n1,3\n");
    assertEquals(List.of(), watch.reload());
    assertEquals(1, versions.size());
    put("leat.yaml", "streams: 1\n");
    assertEquals(1, watch.reload().size());
    assertEquals(watch.problems(), watch.reload());
    put("leat.yaml", YAML);
    assertEquals(List.of(), watch.reload());
    looks(watch, 30);
    assertEquals(1, versions.size());
  }

  @Test
  void theThreadLooksByItself() throws Exception {
    try (DefinitionWatch watch = watch()) {
      put("a.json", "{ }");
      watch.start();
      assertTrue(taken.await(60, TimeUnit.SECONDS), watch.problems().toString());
    }
    assertEquals(1, versions.size());
  }

  private DefinitionWatch watch() {
    Path file = directory.resolve("leat.yaml");
    DefinitionLoader loader =
        new DefinitionLoader(Kinds.BUILT_IN, ContentStore.in(directory.resolve("data")));
    Loaded first = assertInstanceOf(Loaded.class, loader.load(file));
    return new DefinitionWatch(file, loader, first, now, this::changed, () -> now);
  }

  private List<Mistake> changed(Loaded version) {
    if (version.content().compile(Kinds.BUILT_IN) instanceof Planning.Invalid invalid) {
      return invalid.mistakes();
    }
    versions.add(version);
    taken.countDown();
    return refusal;
  }

  /** One look a second. */
  private void looks(DefinitionWatch watch, int seconds) {
    for (int i = 0; i < seconds; i++) {
      now = now.plusSeconds(1);
      watch.look();
    }
  }

  private void put(String name, String content) throws IOException {
    Path file = Files.writeString(directory.resolve(name), content);
    Files.setLastModifiedTime(file, FileTime.from(now));
  }
}
