package dev.leat.pipeline;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import dev.leat.event.RowChunk;

/**
 * Spreads one JSON object over the columns of a row. For one thread.
 *
 * <p>Events of one kind name the same fields in the same order, so each object remembers its fields
 * in a {@link FieldNode} and guesses that the next name is the one that came next the last time: a
 * comparison of bytes, no hash, no text. What fits no field goes into {@code rest} by a second
 * walk, which takes the same decisions since a schema never takes one back; that walk is made only
 * for rows that need it.
 */
final class Shredder {
  private final JsonScanner scanner = new JsonScanner();
  private final RestWriter rest = new RestWriter();
  private final FieldNode root;
  private final NameBuffer name = new NameBuffer();
  private boolean misfits;

  Shredder(DataSchema schema) {
    this.root = FieldNode.root(schema);
  }

  /** Fills the data columns of the chunk's present row from one well-formed JSON value. */
  void shred(byte[] bytes, int from, int length, RowChunk chunk) {
    scanner.reset(bytes, from, length);
    if (scanner.next() != Token.OBJECT_START) {
      chunk.rest.set(chunk.rows(), bytes, from, length);
      return;
    }
    misfits = false;
    object(root, bytes, chunk);
    if (misfits) {
      rest.write(root, bytes, from, length, chunk);
    }
  }

  /** Reads the members of an object whose opening brace has been read; true if it has any. */
  private boolean object(FieldNode node, byte[] bytes, RowChunk chunk) {
    FieldNode last = null;
    Token token = scanner.next();
    boolean any = token == Token.NAME;
    while (token == Token.NAME) {
      name.read(scanner, bytes);
      last = node.child(last, name.bytes(), name.from(), name.length());
      value(last, bytes, chunk);
      token = scanner.next();
    }
    return any;
  }

  private void value(FieldNode node, byte[] bytes, RowChunk chunk) {
    switch (scanner.next()) {
      case STRING -> text(node, bytes, chunk);
      case INTEGER -> integer(node, chunk);
      case DECIMAL -> decimal(node, scanner.doubleValue(), chunk);
      case TRUE -> truth(node, true, chunk);
      case FALSE -> truth(node, false, chunk);
      case NULL -> {} // A null is a null in every column, and declares none.
      case OBJECT_START -> nested(node, bytes, chunk);
      case ARRAY_START -> array(node, bytes, chunk);
      case NAME, OBJECT_END, ARRAY_END, END ->
          throw new IllegalStateException("the scanner let something else stand for a value");
    }
  }

  private void text(FieldNode node, byte[] bytes, RowChunk chunk) {
    DataSchema.Field field = node.field(Kind.TEXT);
    if (field == null) {
      misfits = true;
      return;
    }
    Column.Bytes column = (Column.Bytes) chunk.column(field);
    if (scanner.escaped()) {
      byte[] into = column.reserve(scanner.tokenLength());
      int end = scanner.unescape(into, column.used());
      column.finish(chunk.rows(), end - column.used());
    } else {
      column.set(chunk.rows(), bytes, scanner.tokenFrom(), scanner.tokenLength());
    }
  }

  private void integer(FieldNode node, RowChunk chunk) {
    DataSchema.Field field = scanner.fitsLong() ? node.field(Kind.LONG) : null;
    if (field == null) {
      misfits = true;
    } else if (chunk.column(field) instanceof Column.Longs longs) {
      longs.set(chunk.rows(), scanner.longValue());
    } else {
      chunk.doubles(field).set(chunk.rows(), (double) scanner.longValue());
    }
  }

  private void decimal(FieldNode node, double value, RowChunk chunk) {
    DataSchema.Field field = Double.isFinite(value) ? node.field(Kind.DOUBLE) : null;
    if (field == null) {
      misfits = true;
    } else {
      chunk.doubles(field).set(chunk.rows(), value);
    }
  }

  private void truth(FieldNode node, boolean value, RowChunk chunk) {
    DataSchema.Field field = node.field(Kind.BOOLEAN);
    if (field == null) {
      misfits = true;
    } else {
      ((Column.Booleans) chunk.column(field)).set(chunk.rows(), value);
    }
  }

  private void nested(FieldNode node, byte[] bytes, RowChunk chunk) {
    if (node.field(Kind.OBJECT) == null) {
      misfits = true;
      scanner.skipValue();
    } else if (!object(node, bytes, chunk)) {
      misfits = true; // An empty object leaves no trace in columns.
    }
  }

  private void array(FieldNode node, byte[] bytes, RowChunk chunk) {
    scanner.skipValue();
    DataSchema.Field field = node.field(Kind.JSON);
    if (field == null) {
      misfits = true;
    } else {
      int from = scanner.valueFrom();
      ((Column.Bytes) chunk.column(field))
          .set(chunk.rows(), bytes, from, scanner.position() - from);
    }
  }
}
