package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Kinds;
import dev.leat.pipeline.Lookup;
import dev.leat.pipeline.LookupContent;
import dev.leat.pipeline.LookupKind;
import dev.leat.pipeline.Mistake;
import dev.leat.pipeline.Settings;
import dev.leat.server.DefinitionLoader.Failed;
import dev.leat.server.DefinitionLoader.Loaded;
import dev.leat.server.DefinitionLoader.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionLoaderTest {
  private static final String YAML =
      """
      streams:
        - {name: flights, match: type == 'flight', schema: schemas/flight.json}
      lookups:
        airports: {file: airports.csv, key: iata, refresh: 5s}
      """;

  @TempDir private Path directory;
  private Path file = Path.of("");
  private ContentStore store = ContentStore.in(Path.of(""));

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(directory.resolve("leat.yaml"), YAML);
    Files.createDirectories(directory.resolve("schemas"));
    Files.writeString(directory.resolve("schemas/flight.json"), "{}");
    Files.writeString(directory.resolve("airports.csv"), "iata,city\nLAS,Vegas\n");
    store = ContentStore.in(directory.resolve("data"));
  }

  @Test
  void filesAreFoundBesideTheDefinitionAndCopied() throws Exception {
    DefinitionLoader loader = new DefinitionLoader(Kinds.BUILT_IN, store);
    Loaded loaded = loaded(loader);
    assertEquals(Map.of("schemas/flight.json", "{}"), loaded.content().contents().schemas());
    assertEquals(1, loaded.content().contents().lookups().get("airports").rows());
    assertEquals(
        List.of(
            new Source(file, Duration.ZERO),
            new Source(directory.resolve("schemas/flight.json"), Duration.ZERO),
            new Source(directory.resolve("airports.csv"), Duration.ofSeconds(5))),
        loaded.sources());
    DefinitionBundle bundle = bundle(loaded);
    assertEquals(4 - 1, bundle.copies().size());

    Files.delete(file);
    Files.delete(directory.resolve("airports.csv"));
    DefinitionContent again =
        new DefinitionLoader(Kinds.BUILT_IN, store).load(DefinitionBundle.decode(bundle.encode()));
    assertEquals(loaded.content().definition().streams(), again.definition().streams());
    assertEquals(loaded.content().contents().schemas(), again.contents().schemas());
    assertEquals(1, again.contents().lookups().get("airports").rows());

    store.retain(Set.of());
    assertThrows(IOException.class, () -> loader.load(bundle));
  }

  @Test
  void aTableIsReadAgainOnlyIfItsContentChanged() throws Exception {
    DefinitionLoader loader = new DefinitionLoader(Kinds.BUILT_IN, store);
    Loaded first = loaded(loader);
    Files.writeString(file, YAML + "data: elsewhere\n");
    Loaded second = loaded(loader);
    assertTrue(bundle(first).isSameAs(bundle(second)));
    assertSame(
        first.content().contents().lookups().get("airports"),
        second.content().contents().lookups().get("airports"));
    Files.writeString(directory.resolve("airports.csv"), "iata,city\nLAS,Vegas\nZRH,Zurich\n");
    assertEquals(2, loaded(loader).content().contents().lookups().get("airports").rows());
  }

  @Test
  void filesThatCannotBeReadAreProblemsOfTheDefinition() throws Exception {
    Files.writeString(
        file,
        """
        streams:
          - {name: a, match: type == 'a', schema: nowhere.json}
        lookups:
          gone: {file: gone.csv, key: k}
          odd: {file: odd.xlsx, key: k}
          wrong: {file: airports.csv, key: iatta}
        """);
    Loaded loaded = loaded(new DefinitionLoader(Kinds.BUILT_IN, store));
    assertNull(loaded.bundle());
    assertEquals(
        Map.of(
            "nowhere.json",
            "there is no file " + directory.resolve("nowhere.json"),
            "gone",
            "there is no file " + directory.resolve("gone.csv"),
            "odd",
            "odd.xlsx: expected a name that ends in .csv, .tsv, .json, .ndjson or .parquet",
            "wrong",
            "airports.csv: unknown column 'iatta'; did you mean 'iata'?"),
        loaded.content().contents().problems());
    assertEquals(5, loaded.sources().size());
  }

  @Test
  void aDefinitionThatIsNoneFails() throws Exception {
    Files.writeString(file, "streams: 1\n");
    Failed failed =
        assertInstanceOf(Failed.class, new DefinitionLoader(Kinds.BUILT_IN, store).load(file));
    assertEquals("1:10: streams: expected a list, found '1'", failed.mistakes().getFirst() + "");
    Files.delete(file);
    failed = assertInstanceOf(Failed.class, new DefinitionLoader(Kinds.BUILT_IN).load(file));
    assertEquals("1:1: there is no file " + file, failed.mistakes().getFirst() + "");
    assertEquals(List.of(new Source(file, Duration.ZERO)), failed.sources());
  }

  @Test
  void warningsNameTheLookup() throws Exception {
    Files.writeString(directory.resolve("airports.csv"), "iata,city\nLAS,Vegas\nLAS,Other\n");
    List<Mistake> warnings = loaded(new DefinitionLoader(Kinds.BUILT_IN)).content().warnings();
    assertEquals(
        List.of("4:13: lookups.airports: airports.csv: key LAS stands twice; the first row counts"),
        warnings.stream().map(Mistake::toString).toList());
  }

  @Test
  void withoutAFileTheDefaultsAreKept() throws Exception {
    DefinitionLoader loader = new DefinitionLoader(Kinds.BUILT_IN, store);
    Loaded loaded = assertInstanceOf(Loaded.class, loader.loadDefaults());
    assertEquals(List.of(), loaded.sources());
    assertEquals(Definition.DEFAULTS.streams(), loader.load(bundle(loaded)).definition().streams());
  }

  @Test
  void anExtensionBringsTheContentOfItsLookups() throws Exception {
    Kinds kinds = Kinds.BUILT_IN.with(new Fixed());
    Files.writeString(file, "lookups:\n  l: {fixed: 'k,v', key: k}\n");
    Loaded kept = loaded(new DefinitionLoader(kinds, store));
    assertEquals(1, kept.content().contents().lookups().get("l").rows());
    assertEquals(1, bundle(kept).lookups().size());
    Loaded seen = loaded(new DefinitionLoader(kinds));
    assertEquals(1, seen.content().contents().lookups().get("l").rows());
  }

  private Loaded loaded(DefinitionLoader loader) {
    return assertInstanceOf(Loaded.class, loader.load(file));
  }

  private static DefinitionBundle bundle(Loaded loaded) {
    DefinitionBundle bundle = loaded.bundle();
    assertNotNull(bundle);
    return bundle;
  }

  /** A table whose first line is in the definition. */
  private static final class Fixed implements LookupKind {
    @Override
    public String key() {
      return "fixed";
    }

    @Override
    public List<String> settings() {
      return List.of();
    }

    @Override
    public Lookup read(Settings settings, String column, Duration refresh) {
      return new Lookup.CustomLookup(
          "fixed", column, refresh, Map.of("fixed", settings.required("fixed")));
    }

    @Override
    public LookupContent fetch(Lookup.CustomLookup lookup) {
      String table = lookup.settings().get("fixed") + "\n1,2\n";
      return new LookupContent(LookupContent.Format.CSV, table.getBytes(UTF_8));
    }
  }
}
