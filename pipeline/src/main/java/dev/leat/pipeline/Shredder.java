package dev.leat.pipeline;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import dev.leat.event.RowChunk;
import dev.leat.pipeline.DataType.ObjectOf;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Spreads one JSON object over the columns of a row. For one thread.
 *
 * <p>Events of one kind name the same fields in the same order, so each object remembers its fields
 * in a {@link FieldNode} and guesses that the next name is the one that came next the last time:
 * two comparisons of words, no search, no hash, no text. What fits no field goes into {@code rest}
 * by a second walk, which takes the same decisions since they are remembered; that walk is made
 * only for rows that need it. Of members with the same name the first one counts, the others go
 * into {@code rest}.
 *
 * <p>Where a definition declares the fields, columns mostly say all that the data does, so that it
 * need not be kept as it was sent: see {@link #saysAll}. A null that was sent and a member that was
 * not look the same in a column, so nulls of such rows go into {@code rest}: without a walk, for
 * each name remembers what its null looks like.
 */
final class Shredder {
  /** What an object left in the columns. */
  private enum Trace {
    /** It has no members. */
    EMPTY,
    /** It has members, but no column tells that it was there. */
    NONE,
    SOME
  }

  private final JsonScanner scanner = new JsonScanner();
  private final RestWriter rest = new RestWriter();
  private final FieldNode root;
  private final boolean typed;
  private final NameBuffer name = new NameBuffer();
  private long walk;
  private final NullMembers nulls = new NullMembers();
  private boolean misfits;
  private boolean regular;
  private boolean exact;
  private boolean saysAll;

  /** A shredder for data nothing is known about. */
  Shredder(DataSchema schema) {
    this(schema, null, Set.of());
  }

  /**
   * A shredder whose fields, but for those that data may add, were declared before.
   *
   * @param type what the definition says about the data; null if nothing
   * @param reserved paths of members that are not the sender's to fill, as {@code data.from}: what
   *     an event brings there goes into {@code rest}
   */
  Shredder(DataSchema schema, @Nullable ObjectOf type, Set<String> reserved) {
    this.root = FieldNode.root(schema, type, reserved);
    this.typed = type != null;
  }

  /**
   * Fills the data columns of the chunk's present row from one well-formed JSON value.
   *
   * @return whether the row is regular: the data is an object, each member of it is in the column
   *     of its field as exactly that value, none came twice. With a declared type also: there is no
   *     member that it does not list, all that it requires are there, each has the declared type,
   *     and nulls are only where it allows them; without one there is no null at all. Then a column
   *     without a value means, of a member that is not required, that it is absent or null, and of
   *     one that is, that it is null.
   */
  boolean shred(byte[] bytes, int from, int length, RowChunk chunk) {
    saysAll = false;
    scanner.reset(bytes, from, length);
    if (scanner.next() != Token.OBJECT_START) {
      chunk.rest.set(chunk.rows(), bytes, from, length);
      return false;
    }
    misfits = false;
    regular = true;
    exact = true;
    nulls.clear();
    walk++;
    Trace trace = object(root, bytes, chunk);
    if (misfits) {
      rest.write(root, bytes, from, length, chunk, ++walk);
    }
    boolean regularRow = regular && !misfits;
    saysAll = typed && regularRow && exact && trace == Trace.SOME;
    if (saysAll) {
      nulls.write(chunk);
    }
    return regularRow;
  }

  /**
   * Whether the row that was filled last says all that the data does, with the nulls of its members
   * in {@code rest}: {@link StoredData} makes equal data of it. The order of the members, blanks,
   * and how a number or a text is spelled are not part of what data says.
   */
  boolean saysAll() {
    return saysAll;
  }

  /** Reads the members of an object whose opening brace has been read. */
  private Trace object(FieldNode node, byte[] bytes, RowChunk chunk) {
    Trace trace = Trace.EMPTY;
    int required = 0;
    for (FieldNode last = member(node, null, bytes);
        last != null;
        last = member(node, last, bytes)) {
      if (trace == Trace.EMPTY) {
        trace = Trace.NONE;
      }
      if (last.metBefore(walk)) {
        scanner.next();
        scanner.skipValue();
        misfits = true;
      } else {
        if (last.isRequired()) {
          required++;
        }
        if (value(last, bytes, chunk)) {
          trace = Trace.SOME;
        }
      }
    }
    if (required < node.requiredMembers()) {
      regular = false;
    }
    return trace;
  }

  /** Reads the name after the one of {@code last} (null: the first); null at the object's end. */
  private @Nullable FieldNode member(FieldNode node, @Nullable FieldNode last, byte[] bytes) {
    FieldNode guess = node.guess(last);
    if (guess != null && scanner.crossName(guess.spelled())) {
      return guess;
    }
    if (scanner.next() != Token.NAME) {
      return null;
    }
    name.read(scanner, bytes);
    return node.child(last, name.bytes(), name.from(), name.length());
  }

  /** Reads a value; true if a column has it, or part of it. */
  private boolean value(FieldNode node, byte[] bytes, RowChunk chunk) {
    return switch (scanner.next()) {
      case STRING -> text(node, bytes, chunk);
      case INTEGER -> integer(node, chunk);
      case DECIMAL -> decimal(node, bytes, chunk);
      case TRUE -> truth(node, true, chunk);
      case FALSE -> truth(node, false, chunk);
      case NULL -> nothing(node);
      case OBJECT_START -> nested(node, bytes, chunk);
      case ARRAY_START -> array(node, bytes, chunk);
      case NAME, OBJECT_END, ARRAY_END, END ->
          throw new IllegalStateException("the scanner let something else stand for a value");
    };
  }

  /** A null is a null in every column, and declares none. */
  private boolean nothing(FieldNode node) {
    regular &= node.isNullable();
    exact = exact && typed && nulls.add(node);
    return false;
  }

  private boolean misfit() {
    misfits = true;
    return false;
  }

  private boolean text(FieldNode node, byte[] bytes, RowChunk chunk) {
    DataSchema.Field field = node.field(Kind.TEXT);
    if (field == null) {
      return misfit();
    }
    regular &= node.isDeclared(Kind.TEXT);
    Column.Bytes column = (Column.Bytes) chunk.column(field);
    if (scanner.escaped()) {
      byte[] into = column.reserve(scanner.tokenLength());
      int end = scanner.unescape(into, column.used());
      exact &= !hasNul(into, column.used(), end);
      column.finish(chunk.rows(), end - column.used());
    } else {
      column.set(chunk.rows(), bytes, scanner.tokenFrom(), scanner.tokenLength());
    }
    return true;
  }

  /** Not every reader of columns takes texts with a zero in them for what they are. */
  private static boolean hasNul(byte[] bytes, int from, int end) {
    for (int at = from; at < end; at++) {
      if (bytes[at] == 0) {
        return true;
      }
    }
    return false;
  }

  private boolean integer(FieldNode node, RowChunk chunk) {
    DataSchema.Field field = scanner.fitsLong() ? node.field(Kind.LONG) : null;
    if (field == null) {
      return misfit();
    }
    return whole(node, field, scanner.longValue(), chunk);
  }

  private boolean whole(FieldNode node, DataSchema.Field field, long value, RowChunk chunk) {
    regular &= node.isDeclared(Kind.LONG);
    if (chunk.column(field) instanceof Column.Longs longs) {
      longs.set(chunk.rows(), value);
    } else {
      regular &= Numbers.isExactDouble(value);
      chunk.doubles(field).set(chunk.rows(), (double) value);
    }
    return true;
  }

  private boolean decimal(FieldNode node, byte[] bytes, RowChunk chunk) {
    double value = scanner.doubleValue();
    DataSchema.Field field = Double.isFinite(value) ? node.field(Kind.DOUBLE) : null;
    boolean whole = (typed || field == null) && Numbers.isWhole(scanner, bytes, value);
    if (field == null && whole) {
      field = node.field(Kind.LONG);
      return field == null ? misfit() : whole(node, field, (long) value, chunk);
    }
    if (field == null) {
      return misfit();
    }
    regular &= node.isDeclared(whole ? Kind.LONG : Kind.DOUBLE);
    regular &= !Numbers.vanished(scanner, bytes, value);
    exact &= Numbers.isShort(scanner, value);
    chunk.doubles(field).set(chunk.rows(), value);
    return true;
  }

  private boolean truth(FieldNode node, boolean value, RowChunk chunk) {
    DataSchema.Field field = node.field(Kind.BOOLEAN);
    if (field == null) {
      return misfit();
    }
    regular &= node.isDeclared(Kind.BOOLEAN);
    ((Column.Booleans) chunk.column(field)).set(chunk.rows(), value);
    return true;
  }

  private boolean nested(FieldNode node, byte[] bytes, RowChunk chunk) {
    if (node.field(Kind.OBJECT) == null) {
      scanner.skipValue();
      return misfit();
    }
    regular &= node.isDeclared(Kind.OBJECT);
    return switch (object(node, bytes, chunk)) {
      case EMPTY -> misfit(); // An empty object leaves no trace in columns.
      case NONE -> {
        regular = false;
        yield false;
      }
      case SOME -> true;
    };
  }

  private boolean array(FieldNode node, byte[] bytes, RowChunk chunk) {
    scanner.skipValue();
    DataSchema.Field field = node.field(Kind.JSON);
    if (field == null) {
      return misfit();
    }
    regular &= node.isDeclared(Kind.JSON);
    int from = scanner.valueFrom();
    ((Column.Bytes) chunk.column(field)).set(chunk.rows(), bytes, from, scanner.position() - from);
    return true;
  }
}
