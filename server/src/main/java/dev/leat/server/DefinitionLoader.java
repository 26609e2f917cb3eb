package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.pipeline.Contents;
import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Definition.Reading;
import dev.leat.pipeline.Kinds;
import dev.leat.pipeline.Lookup;
import dev.leat.pipeline.Lookup.CustomLookup;
import dev.leat.pipeline.Lookup.FileLookup;
import dev.leat.pipeline.LookupContent;
import dev.leat.pipeline.LookupKind;
import dev.leat.pipeline.LookupTable;
import dev.leat.pipeline.Mistake;
import dev.leat.pipeline.Places;
import dev.leat.pipeline.StreamSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a definition file with the schemas and lookups that it names. With a store, everything is
 * copied there first and read from the copies, so that what is used is what is kept. Tables whose
 * content did not change are not read again. For one thread.
 */
final class DefinitionLoader {
  /** A file that the definition consists of, and how often to look at it. */
  record Source(Path file, Duration refresh) {}

  /** What loading led to. */
  sealed interface Attempt {
    /** The files that were read, or should have been. */
    List<Source> sources();
  }

  /**
   * The definition could be read.
   *
   * @param content which says itself what of the files could not
   * @param bundle the copies, with version 0; null without a store, or if some are missing
   */
  record Loaded(List<Source> sources, DefinitionContent content, @Nullable DefinitionBundle bundle)
      implements Attempt {}

  /** The definition could not be read. */
  record Failed(List<Source> sources, List<Mistake> mistakes) implements Attempt {}

  private final Kinds kinds;
  private final @Nullable ContentStore store;

  /** Tables by the names of their copies and their keys. */
  private Map<List<String>, LookupFiles.Loaded> tables = new HashMap<>();

  /** A loader that keeps copies. */
  DefinitionLoader(Kinds kinds, ContentStore store) {
    this.kinds = kinds;
    this.store = store;
  }

  /** A loader that only looks. */
  DefinitionLoader(Kinds kinds) {
    this.kinds = kinds;
    this.store = null;
  }

  Kinds kinds() {
    return kinds;
  }

  /** Loads a definition from its file. */
  Attempt load(Path file) {
    List<Source> sources = new ArrayList<>(List.of(new Source(file, Duration.ZERO)));
    String yaml;
    try {
      yaml = DefinitionFile.text(file);
    } catch (CommandFailure unreadable) {
      return new Failed(sources, List.of(new Mistake(1, 1, "", message(unreadable))));
    }
    return switch (Definition.parse(yaml, kinds)) {
      case Reading.Invalid invalid -> new Failed(sources, invalid.mistakes());
      case Reading.Valid valid ->
          loaded(valid, new Gathering(valid, file.toAbsolutePath().getParent(), sources));
    };
  }

  /** Loads the definition that is in force without a file: all defaults. */
  Attempt loadDefaults() {
    Reading.Valid valid = new Reading.Valid(Definition.DEFAULTS, Places.NONE);
    return loaded(valid, new Gathering(valid, null, new ArrayList<>()));
  }

  private Attempt loaded(Reading.Valid valid, Gathering gathering) {
    gathering.run();
    tables = gathering.used;
    DefinitionBundle bundle = null;
    ContentStore copies = store;
    if (copies != null && gathering.problems.isEmpty()) {
      try {
        byte[] yaml = valid.definition().pipelineYaml().getBytes(UTF_8);
        String copy = copies.keep(new ByteArrayInputStream(yaml), ".yaml");
        bundle = new DefinitionBundle(0, copy, gathering.schemaCopies, gathering.lookupCopies);
      } catch (IOException failed) {
        String message = "it can't be copied into the data directory: " + message(failed);
        return new Failed(gathering.sources, List.of(new Mistake(1, 1, "", message)));
      }
    }
    Contents contents = new Contents(gathering.schemas, gathering.lookups, gathering.problems);
    DefinitionContent content =
        new DefinitionContent(valid.definition(), valid.places(), contents, gathering.warnings);
    return new Loaded(gathering.sources, content, bundle);
  }

  /**
   * Loads what a bundle says from the copies alone.
   *
   * @throws IOException if a copy is gone or damaged
   */
  DefinitionContent load(DefinitionBundle bundle) throws IOException {
    ContentStore copies = store;
    if (copies == null) {
      throw new IllegalStateException("there is no store of copies");
    }
    String yaml = new String(copies.read(bundle.definition(), DefinitionFile.MAX_BYTES), UTF_8);
    if (!(Definition.parse(yaml, kinds) instanceof Reading.Valid valid)) {
      throw new IOException(
          "this Leat can't read definition %d, which another wrote or an extension belongs to"
              .formatted(bundle.version()));
    }
    Map<String, String> schemas = new HashMap<>();
    for (var schema : bundle.schemas().entrySet()) {
      byte[] text = copies.read(schema.getValue(), DefinitionFile.MAX_BYTES);
      schemas.put(schema.getKey(), new String(text, UTF_8));
    }
    Map<String, LookupTable> lookups = new HashMap<>();
    for (var lookup : bundle.lookups().entrySet()) {
      Lookup spec = valid.definition().lookups().get(lookup.getKey());
      if (spec != null) {
        Path copy = copies.path(lookup.getValue());
        lookups.put(lookup.getKey(), LookupFiles.load(copy, spec.key()).table());
      }
    }
    return new DefinitionContent(
        valid.definition(), valid.places(), new Contents(schemas, lookups, Map.of()), List.of());
  }

  private static String message(Exception failed) {
    return failed.getMessage() == null ? failed.toString() : failed.getMessage();
  }

  /** One load under way. */
  private final class Gathering {
    private final Reading.Valid valid;
    private final @Nullable Path directory;
    private final List<Source> sources;
    private final List<Mistake> warnings = new ArrayList<>();
    private final Map<String, String> schemas = new HashMap<>();
    private final Map<String, LookupTable> lookups = new HashMap<>();
    private final Map<String, String> problems = new HashMap<>();
    private final TreeMap<String, String> schemaCopies = new TreeMap<>();
    private final TreeMap<String, String> lookupCopies = new TreeMap<>();
    private final Map<List<String>, LookupFiles.Loaded> used = new HashMap<>();

    Gathering(Reading.Valid valid, @Nullable Path directory, List<Source> sources) {
      this.valid = valid;
      this.directory = directory;
      this.sources = sources;
    }

    void run() {
      for (StreamSpec stream : valid.definition().streams()) {
        String schema = stream.schema();
        if (schema != null && !schemas.containsKey(schema) && !problems.containsKey(schema)) {
          schema(schema);
        }
      }
      valid.definition().lookups().forEach(this::lookup);
    }

    private Path resolve(String written) {
      return directory == null ? Path.of(written) : directory.resolve(written).normalize();
    }

    private void schema(String written) {
      Path file = resolve(written);
      sources.add(new Source(file, Duration.ZERO));
      try {
        String text = DefinitionFile.text(file);
        if (store != null) {
          ByteArrayInputStream bytes = new ByteArrayInputStream(text.getBytes(UTF_8));
          schemaCopies.put(written, store.keep(bytes, ".json"));
        }
        schemas.put(written, text);
      } catch (CommandFailure unreadable) {
        problems.put(written, message(unreadable));
      } catch (IOException failed) {
        problems.put(written, "can't copy %s: %s".formatted(file, message(failed)));
      }
    }

    private void lookup(String name, Lookup lookup) {
      String where =
          switch (lookup) {
            case FileLookup ofFile -> ofFile.file();
            case CustomLookup custom -> custom.kind();
          };
      try {
        LookupFiles.Loaded loaded =
            switch (lookup) {
              case FileLookup ofFile -> file(name, ofFile);
              case CustomLookup custom -> fetched(name, custom);
            };
        lookups.put(name, loaded.table());
        for (String warning : loaded.warnings()) {
          warnings.add(valid.places().at("lookups." + name, where + ": " + warning));
        }
      } catch (NoSuchFileException missing) {
        problems.put(name, "there is no file " + missing.getFile());
      } catch (IOException failed) {
        problems.put(name, where + ": " + message(failed));
      }
    }

    private LookupFiles.Loaded file(String name, FileLookup lookup) throws IOException {
      Path file = resolve(lookup.file());
      sources.add(new Source(file, lookup.refresh()));
      String extension =
          LookupFiles.extension(file)
              .orElseThrow(
                  () ->
                      new IOException(
                          "expected a name that ends in .csv, .tsv, .json, .ndjson or .parquet"));
      return store == null
          ? LookupFiles.load(file, lookup.key())
          : kept(store, name, store.keep(file, extension), lookup.key());
    }

    private LookupFiles.Loaded fetched(String name, CustomLookup lookup) throws IOException {
      LookupKind kind =
          kinds.lookups().stream()
              .filter(known -> known.key().equals(lookup.kind()))
              .findFirst()
              .orElseThrow();
      LookupContent content = kind.fetch(lookup);
      String extension = LookupFiles.extension(content.format());
      ByteArrayInputStream bytes = new ByteArrayInputStream(content.bytes());
      if (store != null) {
        return kept(store, name, store.keep(bytes, extension), lookup.key());
      }
      Path copy = Files.createTempFile("leat-lookup", extension);
      try {
        Files.write(copy, content.bytes());
        return LookupFiles.load(copy, lookup.key());
      } finally {
        Files.delete(copy);
      }
    }

    private LookupFiles.Loaded kept(ContentStore store, String name, String copy, String key)
        throws IOException {
      List<String> id = List.of(copy, key);
      LookupFiles.Loaded loaded = tables.get(id);
      if (loaded == null) {
        loaded = LookupFiles.load(store.path(copy), key);
      }
      used.put(id, loaded);
      lookupCopies.put(name, copy);
      return loaded;
    }
  }
}
