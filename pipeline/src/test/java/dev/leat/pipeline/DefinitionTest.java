package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.leat.pipeline.Definition.Log;
import dev.leat.pipeline.Definition.Reading;
import dev.leat.pipeline.Definition.Server;
import java.time.Duration;
import java.util.List;
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
            new Log(4, Duration.ofDays(2), 68_719_476_736L)),
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
    assertEquals(
        new Definition(
            new Server("0.0.0.0", 80),
            "/var/lib/leat",
            new Log(8, Duration.ofHours(36), 500_000_000)),
        read);
  }

  @Test
  void whatIsPrintedReadsBack() {
    Definition definition =
        new Definition(
            new Server("::1", 0),
            "C:\\a \"b\"",
            new Log(3, Duration.ofMillis(90_061_001), 300_000_001));
    assertEquals(definition, valid(definition.toYaml()));
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

  private static Definition valid(String yaml) {
    return assertInstanceOf(Reading.Valid.class, Definition.parse(yaml)).definition();
  }

  private static List<Mistake> invalid(String yaml) {
    return assertInstanceOf(Reading.Invalid.class, Definition.parse(yaml)).mistakes();
  }
}
