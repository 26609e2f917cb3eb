package dev.leat.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.JsonException;
import dev.leat.query.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a backup consists of. It is the file that is written last, so a backup without it is half of
 * one; it carries a checksum over itself. Immutable.
 *
 * <pre>
 * {"manifest":{...},"sha256":"of the bytes of the manifest's object, in hex"}
 * </pre>
 *
 * @param program the version of Leat that made it
 * @param taken when it was complete
 * @param version of the store's commit
 * @param partitions of the store
 * @param position the first offset that the commit does not hold
 * @param end the first offset that the backup does not hold: the log reaches from the position to
 *     here
 * @param lost events below the end that the log could not give when the backup was made
 * @param definition the last one that the log records, as the engine knows it; empty if there is
 *     none
 * @param rows how many rows each table has had at the commit
 * @param files all others
 */
@SuppressWarnings("ArrayRecordComponent") // Opaque bytes.
record BackupManifest(
    String program,
    Instant taken,
    long version,
    int partitions,
    long position,
    long end,
    long lost,
    byte[] definition,
    SortedMap<String, Long> rows,
    List<Entry> files) {
  static final String FILE = "backup.json";

  private static final long FORMAT = 1;
  private static final int MAX_BYTES = 512 << 20;
  private static final byte[] BEFORE = "{\"manifest\":".getBytes(US_ASCII);
  private static final byte[] BETWEEN = ",\"sha256\":\"".getBytes(US_ASCII);
  private static final byte[] AFTER = "\"}\n".getBytes(US_ASCII);
  private static final int DIGEST_LETTERS = 64;

  /**
   * A file.
   *
   * @param path below the backup's directory of data, with {@code /}
   * @param sha256 in hex
   */
  record Entry(String path, long bytes, String sha256) {}

  BackupManifest {
    rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
    files = List.copyOf(files);
  }

  /** Bytes of all files. */
  long bytes() {
    return files.stream().mapToLong(Entry::bytes).sum();
  }

  byte[] encode() {
    String text = JsonText.of(this::write).strip();
    byte[] object = text.getBytes(UTF_8);
    byte[] digest = FileDigest.of(object).getBytes(US_ASCII);
    byte[] all =
        Arrays.copyOf(
            BEFORE, BEFORE.length + object.length + BETWEEN.length + digest.length + AFTER.length);
    int at = BEFORE.length;
    for (byte[] part : List.of(object, BETWEEN, digest, AFTER)) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private void write(JsonWriter json) throws IOException {
    json.beginObject()
        .field("format", FORMAT)
        .field("program", program)
        .field("taken", taken.toString())
        .field("version", version)
        .field("partitions", partitions)
        .field("position", position)
        .field("end", end)
        .field("lost", lost)
        .field("definition", Base64.getEncoder().encodeToString(definition))
        .name("rows")
        .beginObject();
    for (Map.Entry<String, Long> table : rows.entrySet()) {
      json.field(table.getKey(), table.getValue());
    }
    json.endObject().name("files").beginArray();
    for (Entry file : files) {
      json.beginObject()
          .field("path", file.path())
          .field("bytes", file.bytes())
          .field("sha256", file.sha256())
          .endObject();
    }
    json.endArray().endObject();
  }

  /**
   * Reads the manifest of a backup.
   *
   * @throws CommandFailure if there is no whole one
   */
  static BackupManifest read(Path backup) {
    Path file = backup.resolve(FILE);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES);
      return decode(bytes);
    } catch (NoSuchFileException missing) {
      throw new CommandFailure(
          "%s is no backup, or one that was not finished: there is no %s".formatted(backup, FILE),
          missing);
    } catch (IOException failed) {
      throw new CommandFailure(
          "%s is no whole backup: %s: %s".formatted(backup, FILE, failed.getMessage()), failed);
    }
  }

  private static BackupManifest decode(byte[] bytes) throws IOException {
    int tail = BETWEEN.length + DIGEST_LETTERS + AFTER.length;
    int end = bytes.length - tail;
    if (end < BEFORE.length
        || !Arrays.equals(bytes, 0, BEFORE.length, BEFORE, 0, BEFORE.length)
        || !Arrays.equals(bytes, end, end + BETWEEN.length, BETWEEN, 0, BETWEEN.length)
        || !Arrays.equals(
            bytes, bytes.length - AFTER.length, bytes.length, AFTER, 0, AFTER.length)) {
      throw new IOException("it is cut short or damaged");
    }
    byte[] object = Arrays.copyOfRange(bytes, BEFORE.length, end);
    String digest = new String(bytes, end + BETWEEN.length, DIGEST_LETTERS, US_ASCII);
    if (!digest.equals(FileDigest.of(object))) {
      throw new IOException("it is damaged");
    }
    try {
      return of(Json.object(object));
    } catch (JsonException | DateTimeParseException | IllegalArgumentException wrong) {
      throw new IOException("it makes no sense: " + wrong.getMessage(), wrong);
    }
  }

  private static BackupManifest of(Map<String, @Nullable Object> json) throws IOException {
    long format = number(json, "format");
    if (format != FORMAT) {
      throw new IOException(
          "it has format %d, this version reads %d: run the version that wrote it"
              .formatted(format, FORMAT));
    }
    TreeMap<String, Long> rows = new TreeMap<>();
    Map<String, @Nullable Object> counts = Json.asObject(json.get("rows"));
    for (String table : counts.keySet()) {
      rows.put(table, number(counts, table));
    }
    List<Entry> files = new ArrayList<>();
    for (Object each : Json.asList(json.get("files"))) {
      Map<String, @Nullable Object> file = Json.asObject(each);
      files.add(new Entry(text(file, "path"), number(file, "bytes"), text(file, "sha256")));
    }
    return new BackupManifest(
        text(json, "program"),
        Instant.parse(text(json, "taken")),
        number(json, "version"),
        Math.toIntExact(number(json, "partitions")),
        number(json, "position"),
        number(json, "end"),
        number(json, "lost"),
        Base64.getDecoder().decode(text(json, "definition")),
        rows,
        files);
  }

  private static long number(Map<String, @Nullable Object> json, String name) {
    if (json.get(name) instanceof Long number) {
      return number;
    }
    throw new IllegalArgumentException("there is no number \"%s\"".formatted(name));
  }

  private static String text(Map<String, @Nullable Object> json, String name) {
    if (json.get(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("there is no text \"%s\"".formatted(name));
  }
}
