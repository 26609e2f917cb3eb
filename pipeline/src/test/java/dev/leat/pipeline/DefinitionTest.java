package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.leat.pipeline.Definition.Log;
import dev.leat.pipeline.Definition.Reading;
import dev.leat.pipeline.Definition.Server;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DefinitionTest {
  @Test
  void theEmptyFileIsADefinition() {
    assertEquals(Definition.DEFAULTS, valid(""));
    assertEquals(Definition.DEFAULTS, valid("# nothing\n"));
    assertEquals(Definition.DEFAULTS, valid("server:\nlog: {}\n"));
  }

  /** A default that changes is a change for every user: it is meant to fail here first. */
  @Test
  void everyDefaultIsPinned() {
    assertEquals(
        new Definition(
            new Server("127.0.0.1", 5328),
            "./data",
            new Log(4, Duration.ofDays(2), 68_719_476_736L),
            List.of(
                new StreamSpec(
                    "events",
                    null,
                    null,
                    null,
                    List.of(),
                    Duration.ofHours(24),
                    List.of(),
                    null,
                    StreamSpec.Raw.NEEDED,
                    null,
                    StreamSpec.Time.DEFAULT)),
            new TreeMap<>(),
            List.of(),
            List.of(),
            Alerting.NONE),
        Definition.DEFAULTS);
  }

  @Test
  void everyKeyIsRead() {
    Definition read =
        valid(
            """
            server: {host: 0.0.0.0, port: 80}
            data: /var/lib/leat
            log: {partitions: 8, retention: 1d12h, budget: 500MB}
            """);
    assertEquals(new Server("0.0.0.0", 80), read.server());
    assertEquals("/var/lib/leat", read.data());
    assertEquals(new Log(8, Duration.ofHours(36), 500_000_000), read.log());
  }

  @Test
  void allMistakesComeTogetherWithTheirPlaces() {
    List<Mistake> mistakes =
        invalid(
            """
            servre: {port: 1}
            server:
              prot: 5
              port: many
            log:
              partitions: 0
              retention: soon
              budget: [1]
            log: {}
            """);
    assertEquals(
        List.of(
            "1:1: unknown key 'servre'; did you mean 'server'?",
            "3:3: server: unknown key 'prot'; did you mean 'port'?",
            "4:9: server.port: expected a whole number, found 'many'",
            "6:3: log: partitions lie between 1 and 1024, not 0",
            "7:14: log.retention: expected a duration such as 90s, 10m, 48h or 7d, found 'soon'",
            "8:11: log.budget: expected a size such as 500MB or 64GiB, found a list",
            "9:1: key 'log' stands here twice"),
        mistakes.stream().map(Mistake::toString).toList());
  }

  @Test
  void valuesOutOfRangeAreMistakes() {
    assertEquals(
        List.of("2:3: log: partitions lie between 1 and 1024, not 0"),
        invalid("log:\n  partitions: 0\n").stream().map(Mistake::toString).toList());
    assertEquals(
        List.of(
            "1:18: log.retention: expected a duration such as 90s, 10m, 48h or 7d, found 'soon'",
            "1:32: log.budget: expected a size such as 500MB or 64GiB, found a list"),
        invalid("log: {retention: soon, budget: [1]}").stream().map(Mistake::toString).toList());
  }

  @Test
  void whatIsNoYamlSaysWhere() {
    Mistake mistake = invalid("log: {\n").getFirst();
    assertEquals(2, mistake.line());
    assertEquals(
        "1:1: expected keys and values, found a list", invalid("[1]").getFirst().toString());
  }

  @Test
  void whatIsTooDeepOrTooLongIsRefusedBeforeItCosts() {
    assertEquals(
        "1:33: nested deeper than 32 levels", invalid("[".repeat(100_000)).getFirst().toString());
    assertEquals(
        "1:1: the file has more than 1048576 characters",
        invalid("#".repeat((1 << 20) + 1)).getFirst().toString());
    assertEquals(
        "1:18: log.retention: expected a duration such as 90s, 10m, 48h or 7d, found '"
            + "999999999999w'",
        invalid("log: {retention: 999999999999w}").getFirst().toString());
  }

  @Test
  void placesAreKnownLater() {
    Places places =
        assertInstanceOf(
                Reading.Valid.class,
                Definition.parse(
                    """
                    streams:
                      - name: a
                        match: type == 'a'
                        rules:
                          - {name: one, check: a}
                          - name: two
                            check: b
                    lookups:
                      l: {file: f.csv, key: k}
                    """))
            .places();
    assertEquals(
        "7:16: streams[0].rules[1].check: no", places.at("streams[0].rules[1].check", "no") + "");
    assertEquals(
        "6:9: streams[0].rules[1].otherwise: no",
        places.at("streams[0].rules[1].otherwise", "no") + "");
    assertEquals("2:5: streams[0].entity.key: no", places.at("streams[0].entity.key", "no") + "");
    assertEquals("2:3: streams[1].match: no", places.at("streams[1].match", "no") + "");
    assertEquals("9:13: lookups.l.file: no", places.at("lookups.l.file", "no") + "");
    assertEquals("1:1: metrics[0]: no", places.at("metrics[0]", "no") + "");
    assertEquals("1:1: data: no", Places.NONE.at("data", "no") + "");
  }

  private static Definition valid(String yaml) {
    return assertInstanceOf(Reading.Valid.class, Definition.parse(yaml)).definition();
  }

  private static List<Mistake> invalid(String yaml) {
    return assertInstanceOf(Reading.Invalid.class, Definition.parse(yaml)).mistakes();
  }
}
