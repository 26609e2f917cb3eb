package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdInputStream;
import dev.leat.event.JsonException;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * JSON or NDJSON as events: CloudEvents pass through, other objects become the data of one. What is
 * no JSON passes through as well, since the server says best what is wrong with it.
 */
final class JsonFile implements EventFile {
  private static final byte[] SPECVERSION = "specversion".getBytes(UTF_8);
  private static final byte[] BEGIN = "{\"specversion\":\"1.0\",\"id\":".getBytes(UTF_8);

  private final JsonPieces pieces;
  private final long fileBytes;
  private final boolean repeatable;
  private final String identity;
  private final byte[] constants;
  private final Wrapping wrapping;
  private final JsonScanner scanner = new JsonScanner(512);
  private final Found id = new Found();
  private final Found time = new Found();
  private final Found key = new Found();
  private long number;

  private JsonFile(
      InputStream in,
      long fileBytes,
      boolean repeatable,
      String identity,
      Wrapping wrapping,
      Path name)
      throws IOException {
    this.pieces = new JsonPieces(in);
    this.fileBytes = fileBytes;
    this.repeatable = repeatable;
    this.identity = identity;
    this.wrapping = wrapping;
    this.constants = FileNames.constants(wrapping, name);
  }

  static JsonFile open(Path file, Wrapping wrapping) throws IOException {
    String name = file.toString();
    InputStream in = Files.newInputStream(file);
    try {
      boolean compressed = name.endsWith(".gz") || name.endsWith(".zst");
      InputStream plain =
          name.endsWith(".gz")
              ? new GZIPInputStream(in, 64 << 10)
              : name.endsWith(".zst") ? new ZstdInputStream(in) : in;
      long size = compressed ? -1 : Files.size(file);
      return new JsonFile(plain, size, true, FileIdentity.of(file), wrapping, file);
    } catch (IOException | RuntimeException failed) {
      in.close();
      throw failed;
    }
  }

  /** What comes from a pipe has no identity, so each run gives its objects new ids. */
  static JsonFile ofStdin(InputStream in, Wrapping wrapping, RandomGenerator chance)
      throws IOException {
    String identity = HexFormat.of().toHexDigits(chance.nextLong());
    return new JsonFile(in, -1, wrapping.id() != null, identity, wrapping, Path.of("stdin"));
  }

  @Override
  public boolean next(Batch into) throws IOException {
    if (!pieces.next()) {
      return false;
    }
    if (isPlainObject()) {
      wrap(into);
    } else {
      flat(into);
    }
    into.endEvent();
    number++;
    return true;
  }

  @Override
  public double fraction() {
    return fileBytes < 0 ? -1 : (double) pieces.consumed() / Math.max(1, fileBytes);
  }

  @Override
  public boolean repeatable() {
    return repeatable;
  }

  @Override
  public void close() throws IOException {
    pieces.close();
  }

  /** Whether the piece is an object that is no event, noting what becomes attributes. */
  private boolean isPlainObject() {
    id.clear();
    time.clear();
    key.clear();
    byte[] bytes = pieces.bytes();
    scanner.reset(bytes, pieces.from(), pieces.length());
    try {
      if (scanner.next() != Token.OBJECT_START) {
        return false;
      }
      while (scanner.next() == Token.NAME) {
        if (isNamed(bytes, SPECVERSION)) {
          return false;
        }
        Found wanted = wanted(bytes);
        Token token = scanner.next();
        scanner.skipValue();
        if (wanted != null) {
          wanted.set(token, scanner.valueFrom(), scanner.position());
        }
      }
      return scanner.next() == Token.END;
    } catch (JsonException broken) {
      return false;
    }
  }

  private @Nullable Found wanted(byte[] bytes) {
    if (wrapping.id() == null && wrapping.time() == null && wrapping.partitionKey() == null) {
      return null;
    }
    String name = new String(bytes, scanner.tokenFrom(), scanner.tokenLength(), UTF_8);
    if (name.equals(wrapping.id())) {
      return id;
    }
    if (name.equals(wrapping.time())) {
      return time;
    }
    return name.equals(wrapping.partitionKey()) ? key : null;
  }

  private boolean isNamed(byte[] bytes, byte[] name) {
    int from = scanner.tokenFrom();
    return Arrays.equals(bytes, from, from + scanner.tokenLength(), name, 0, name.length);
  }

  private void wrap(Batch into) {
    byte[] bytes = pieces.bytes();
    into.put(BEGIN);
    if (id.present) {
      id.writeText(bytes, into);
    } else {
      into.put((byte) '"').putAscii(identity).put((byte) '-').putLong(number).put((byte) '"');
    }
    into.put(constants);
    if (time.present) {
      into.putAscii(",\"time\":");
      time.writeText(bytes, into);
    }
    if (key.present) {
      into.putAscii(",\"partitionkey\":");
      key.writeText(bytes, into);
    }
    into.putAscii(",\"data\":");
    flat(into);
    into.put((byte) '}');
  }

  /** The piece on one line: a line end in JSON is never part of a text. */
  private void flat(Batch into) {
    byte[] bytes = pieces.bytes();
    int end = pieces.from() + pieces.length();
    for (int at = pieces.from(); at < end; at++) {
      byte b = bytes[at];
      into.put(b == '\n' || b == '\r' ? (byte) ' ' : b);
    }
  }

  /** Where in the piece a value stands that becomes an attribute. */
  private static final class Found {
    private boolean present;
    private boolean quoted;
    private int from;
    private int to;

    void clear() {
      present = false;
    }

    void set(Token token, int from, int to) {
      present = token != Token.NULL;
      quoted = token == Token.STRING;
      this.from = from;
      this.to = to;
    }

    /** Attributes are text, so a number gets quotes. */
    void writeText(byte[] bytes, Batch into) {
      if (quoted) {
        into.put(bytes, from, to - from);
      } else {
        into.putText(new String(bytes, from, to - from, UTF_8));
      }
    }
  }
}
