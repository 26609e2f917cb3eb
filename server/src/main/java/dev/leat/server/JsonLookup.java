package dev.leat.server;

import com.github.luben.zstd.ZstdInputStream;
import dev.leat.event.JsonException;
import dev.leat.pipeline.DataType.Scalar;
import dev.leat.pipeline.LookupTable;
import dev.leat.pipeline.LookupTable.Column;
import dev.leat.server.LookupFiles.Loaded;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of JSON objects into a lookup table. It is read twice, first for the members that
 * there are and what they hold: whole numbers and others together are numbers, anything else that
 * differs is text. For one thread.
 */
final class JsonLookup {
  /** Beyond it, objects are data and no rows. */
  private static final int MAX_COLUMNS = 1_000;

  private final Path file;
  private final String key;

  JsonLookup(Path file, String key) {
    this.file = file;
    this.key = key;
  }

  Loaded load() throws IOException {
    Map<String, Scalar> types = new LinkedHashMap<>();
    forEach(row -> row.forEach((name, value) -> observe(types, name, value)));
    if (types.size() > MAX_COLUMNS) {
      throw new IOException("the objects have more than %d members".formatted(MAX_COLUMNS));
    }
    List<Column> columns = new ArrayList<>();
    types.forEach(
        (name, type) -> columns.add(new Column(name, type == Scalar.ANY ? Scalar.TEXT : type)));
    LookupTable.Builder builder = LookupTable.builder(columns, key);
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    forEach(
        row -> {
          for (int i = 0; i < values.length; i++) {
            Column column = columns.get(i);
            values[i] = fitted(row.get(column.name()), column.type());
          }
          builder.add(values);
        });
    return new Loaded(builder.build(), builder.warnings());
  }

  private interface Rows {
    void take(Map<String, @Nullable Object> row) throws IOException;
  }

  private void forEach(Rows rows) throws IOException {
    try (JsonPieces pieces = new JsonPieces(open())) {
      for (long number = 1; pieces.next(); number++) {
        int from = pieces.from();
        byte[] piece = Arrays.copyOfRange(pieces.bytes(), from, from + pieces.length());
        rows.take(row(piece, number));
      }
    }
  }

  private InputStream open() throws IOException {
    InputStream in = Files.newInputStream(file);
    try {
      String name = file.toString().toLowerCase(Locale.ROOT);
      return name.endsWith(".gz")
          ? new GZIPInputStream(in, 64 << 10)
          : name.endsWith(".zst") ? new ZstdInputStream(in) : in;
    } catch (IOException | RuntimeException failed) {
      in.close();
      throw failed;
    }
  }

  private static Map<String, @Nullable Object> row(byte[] piece, long number) throws IOException {
    try {
      if (Json.parse(piece) instanceof Map<?, ?> object) {
        return Json.asObject(object);
      }
    } catch (JsonException broken) {
      throw new IOException("row %d is no JSON: %s".formatted(number, broken.getMessage()), broken);
    }
    throw new IOException("row %d is no JSON object".formatted(number));
  }

  private static void observe(Map<String, Scalar> types, String name, @Nullable Object value) {
    Scalar shown =
        switch (value) {
          case null -> Scalar.ANY;
          case Boolean _ -> Scalar.BOOLEAN;
          case Long _ -> Scalar.INTEGER;
          case BigInteger _, BigDecimal _ -> Scalar.NUMBER;
          default -> Scalar.TEXT;
        };
    types.merge(name, shown, JsonLookup::common);
  }

  private static Scalar common(Scalar one, Scalar other) {
    if (one == other || other == Scalar.ANY) {
      return one;
    }
    if (one == Scalar.ANY) {
      return other;
    }
    boolean numbers =
        (one == Scalar.INTEGER || one == Scalar.NUMBER)
            && (other == Scalar.INTEGER || other == Scalar.NUMBER);
    return numbers ? Scalar.NUMBER : Scalar.TEXT;
  }

  private static @Nullable Object fitted(@Nullable Object value, Scalar type) {
    if (value == null || type != Scalar.TEXT || value instanceof String) {
      return value;
    }
    return value instanceof Map || value instanceof List
        ? JsonText.of(json -> json.value(value)).strip()
        : value.toString();
  }
}
