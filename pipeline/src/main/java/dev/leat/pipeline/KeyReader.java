package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.Column;
import dev.leat.event.DataFormat;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Field;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import dev.leat.event.RowChunk;
import dev.leat.event.Slice;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the key at a {@link KeyPath} from a row, an event or a draft; all three find the same. The
 * slice it fills points into what was read, or into memory of the reader that the next reading
 * overwrites. For one thread.
 */
final class KeyReader {
  private static final int MAX_DIGITS = 20;

  private final KeyPath path;
  private final boolean written;
  private final FieldLookup lookup;
  private final byte[][] names;
  private final JsonScanner scanner = new JsonScanner();
  private final NameBuffer name = new NameBuffer();
  private final @Nullable AttributeReader attribute;
  private byte[] scratch = new byte[64];

  KeyReader(KeyPath path, DataSchema schema) {
    this(path, schema, false);
  }

  /**
   * @param written whether enrichment writes the field: then only its column tells
   */
  KeyReader(KeyPath path, DataSchema schema, boolean written) {
    this.path = path;
    this.written = written;
    this.attribute =
        path.field() == KeyPath.Place.ATTRIBUTES
            ? new AttributeReader(path.members().getFirst())
            : null;
    this.lookup = new FieldLookup(schema, path.members());
    this.names =
        path.members().stream().map(member -> member.getBytes(UTF_8)).toArray(byte[][]::new);
  }

  KeyPath path() {
    return path;
  }

  /** The key of the row's event; the slice is absent if it has none. */
  void read(Row row, Slice into) {
    boolean inColumn = path.field() == KeyPath.Place.DATA && (written || row.isRegular());
    Field field = inColumn ? lookup.field() : null;
    if (written && field == null) {
      into.clear();
    } else if (field == null || !column(field, row.chunk(), row.index(), into)) {
      read(row.event(), into);
    }
  }

  /** Whether the column tells the key: not if it holds what is no key, or was widened. */
  private boolean column(Field field, RowChunk chunk, int row, Slice into) {
    Column column = chunk.column(field);
    if (!column.isPresent(row)) {
      into.clear();
      return true;
    }
    if (column instanceof Column.Longs longs) {
      digits(longs.get(row), into);
      return true;
    }
    boolean text = column instanceof Column.Bytes && field.kind() == Kind.TEXT;
    if (text) {
      Column.Bytes bytes = (Column.Bytes) column;
      into.set(bytes.values(), bytes.from(row), bytes.length(row));
    }
    return text;
  }

  /** The key of the cursor's present event; the slice is absent if it has none. */
  void read(EventCursor event, Slice into) {
    byte[] bytes = event.bytes();
    into.clear();
    switch (path.field()) {
      case ID -> into.set(bytes, event.idAt(), event.idLength());
      case SOURCE -> into.set(bytes, event.sourceAt(), event.sourceLength());
      case TYPE -> into.set(bytes, event.typeAt(), event.typeLength());
      case SUBJECT -> {
        if (event.hasSubject()) {
          into.set(bytes, event.subjectAt(), event.subjectLength());
        }
      }
      case PARTITION_KEY -> {
        if (event.hasPartitionKey()) {
          into.set(bytes, event.partitionKeyAt(), event.partitionKeyLength());
        }
      }
      case ATTRIBUTES -> copy(attribute().read(event), into);
      case DATA -> {
        if (event.dataFormat() == DataFormat.JSON) {
          find(bytes, event.dataAt(), event.dataLength(), into);
        }
      }
    }
  }

  /** The key of a draft at the door; the slice is absent if it has none. */
  void read(EventDraft draft, Slice into) {
    into.clear();
    switch (path.field()) {
      case ID -> copy(draft.id, into);
      case SOURCE -> copy(draft.source, into);
      case TYPE -> copy(draft.type, into);
      case SUBJECT -> copy(draft.subject, into);
      case PARTITION_KEY -> copy(draft.partitionKey, into);
      case ATTRIBUTES -> copy(attribute().read(draft), into);
      case DATA -> {
        if (draft.dataFormat == DataFormat.JSON) {
          find(draft.data.array(), draft.data.from(), draft.data.length(), into);
        }
      }
    }
  }

  private AttributeReader attribute() {
    return Objects.requireNonNull(attribute);
  }

  private static void copy(Slice from, Slice into) {
    if (from.isPresent()) {
      into.set(from.array(), from.from(), from.length());
    }
  }

  /**
   * Walks through well-formed JSON as far as the key, or to the end of the object that lacks it.
   *
   * @throws dev.leat.event.JsonException if what it walks through is no JSON
   */
  private void find(byte[] json, int from, int length, Slice into) {
    scanner.reset(json, from, length);
    Token token = scanner.next();
    for (byte[] wanted : names) {
      if (token != Token.OBJECT_START || !member(json, wanted)) {
        return;
      }
      token = scanner.next();
    }
    if (token == Token.STRING) {
      text(json, into);
    } else if (token == Token.INTEGER) {
      integer(json, into);
    } else if (token == Token.DECIMAL) {
      double value = scanner.doubleValue();
      if (Numbers.isWhole(scanner, json, value)) {
        digits((long) value, into); // 5.0 is an integer, as in a schema: a column has it as one.
      }
    }
  }

  /** Goes to the value of a member of the object whose brace has been read. */
  private boolean member(byte[] json, byte[] wanted) {
    while (scanner.next() == Token.NAME) {
      name.read(scanner, json);
      boolean found =
          Arrays.equals(
              wanted, 0, wanted.length, name.bytes(), name.from(), name.from() + name.length());
      if (found) {
        return true;
      }
      scanner.next();
      scanner.skipValue();
    }
    return false;
  }

  private void text(byte[] json, Slice into) {
    if (!scanner.escaped()) {
      into.set(json, scanner.tokenFrom(), scanner.tokenLength());
      return;
    }
    if (scratch.length < scanner.tokenLength()) {
      scratch = new byte[scanner.tokenLength()];
    }
    into.set(scratch, 0, scanner.unescape(scratch, 0));
  }

  private void integer(byte[] json, Slice into) {
    if (scanner.fitsLong()) {
      digits(scanner.longValue(), into); // Which has one spelling for -0 and 0.
    } else {
      into.set(json, scanner.tokenFrom(), scanner.tokenLength());
    }
  }

  private void digits(long value, Slice into) {
    if (value == Long.MIN_VALUE) {
      into.set(Long.toString(value).getBytes(ISO_8859_1));
      return;
    }
    int at = MAX_DIGITS;
    long rest = Math.abs(value);
    do {
      scratch[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    if (value < 0) {
      scratch[--at] = '-';
    }
    into.set(scratch, at, MAX_DIGITS - at);
  }
}
