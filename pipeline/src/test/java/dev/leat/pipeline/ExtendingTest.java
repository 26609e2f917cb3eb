package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.pipeline.Plan.Planning;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code docs/extending.md}, compiled and run as they stand there. */
class ExtendingTest {
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("public final class (\\w+)");
  private static final String DEFINITION =
      """
      streams:
        - name: visits
          match: type == 'visit'
          enrich:
            - {hash: data.email, into: data.visitor}
      lookups:
        settings: {properties: java.vm., key: name, refresh: 1h}
      """;

  @TempDir Path directory;

  @Test
  void theExamplesRun() throws IOException {
    try (URLClassLoader loader = compiled()) {
      StepKind step = only(StepKind.class, loader);
      LookupKind lookup = only(LookupKind.class, loader);
      Kinds kinds = Kinds.BUILT_IN.with(step).with(lookup);
      Definition definition =
          assertInstanceOf(Definition.Reading.Valid.class, Definition.parse(DEFINITION, kinds))
              .definition();

      Lookup.CustomLookup settings =
          assertInstanceOf(Lookup.CustomLookup.class, definition.lookups().get("settings"));
      String table = new String(lookup.fetch(settings).bytes(), StandardCharsets.UTF_8);
      assertTrue(table.startsWith("name,value\njava.vm."), table);

      LookupTable empty =
          LookupTable.builder(List.of(new LookupTable.Column("name", DataType.Scalar.TEXT)), "name")
              .build();
      Contents contents = new Contents(Map.of(), Map.of("settings", empty), Map.of());
      TestTables tables = new TestTables(TestTables.plan(DEFINITION, contents, kinds));
      assertEquals(Verdict.STORED, tables.send("visit", "1", "{\"email\":\"a@example.org\"}"));
      assertEquals(Verdict.DEAD_LETTERED, tables.send("visit", "2", "{\"page\":1}"));
      assertEquals("enrich: step-failed hash", tables.reason());
      Map<String, String> row = tables.rows("visits").getFirst();
      assertEquals(8, row.get("visitor").length(), row.toString());
    }
  }

  @Test
  void aPathThatIsNotThereIsAMistakeOfTheDefinition() throws IOException {
    try (URLClassLoader loader = compiled()) {
      Kinds kinds = Kinds.BUILT_IN.with(only(StepKind.class, loader));
      String twice =
          """
          streams:
            - name: visits
              match: type == 'visit'
              enrich:
                - {hash: data.email, into: data.visitor}
                - {hash: data.page, into: data.visitor.id}
          """;
      Definition.Reading.Valid read =
          assertInstanceOf(Definition.Reading.Valid.class, Definition.parse(twice, kinds));
      Planning.Invalid wrong =
          assertInstanceOf(
              Planning.Invalid.class,
              Plan.compile(read.definition(), read.places(), Contents.NONE, kinds));
      assertEquals(6, wrong.mistakes().getFirst().line());
    }
  }

  private static <T> T only(Class<T> kind, ClassLoader loader) {
    return ServiceLoader.load(kind, loader).stream()
        .filter(provider -> loader.equals(provider.type().getClassLoader()))
        .findFirst()
        .orElseThrow()
        .get();
  }

  private URLClassLoader compiled() throws IOException {
    String text = Files.readString(Path.of("../docs/extending.md"));
    Matcher blocks = BLOCK.matcher(text);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    while (blocks.find()) {
      Matcher name = NAME.matcher(blocks.group(1));
      assertTrue(name.find());
      Path source = directory.resolve(name.group(1) + ".java");
      Files.writeString(source, blocks.group(1));
      int failed =
          compiler.run(
              null,
              null,
              null,
              "-proc:none",
              "-cp",
              System.getProperty("java.class.path"),
              "-d",
              directory.toString(),
              source.toString());
      assertEquals(0, failed, source.toString());
    }
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(services.resolve(StepKind.class.getName()), "example.HashStep\n");
    Files.writeString(services.resolve(LookupKind.class.getName()), "example.PropertiesLookup\n");
    return new URLClassLoader(
        new URL[] {directory.toUri().toURL()}, ExtendingTest.class.getClassLoader());
  }
}
