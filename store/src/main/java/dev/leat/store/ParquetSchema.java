package dev.leat.store;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.RowChunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a file of a table, as a tree: those of the envelope, the data as a group of its
 * fields, and again some of the envelope. Everything may be null. Immutable.
 */
final class ParquetSchema {
  private static final int OPTIONAL = 1;
  private static final int NOTHING = -1;

  private final List<Node> nodes = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();
  private final List<Leaf> leaves = new ArrayList<>();
  private int topLevel;

  /** An element of the tree, each before those below it. */
  private record Node(String name, int id, int children, @Nullable ParquetType type) {}

  /**
   * Columns under one name.
   *
   * @param parent the index of the group it belongs to, or -1
   * @param depth how many groups there are around it
   */
  record Group(int parent, int depth) {}

  /**
   * A column with values.
   *
   * @param path names from the top
   * @param group the index of the group it belongs to, or -1
   * @param level what its definition level is where it has a value
   * @param source where the values are in a chunk; null for the shard
   */
  record Leaf(
      List<String> path,
      ParquetType type,
      int group,
      int level,
      @Nullable Function<RowChunk.View, @Nullable Column> source) {}

  private ParquetSchema() {}

  /** Of a file for rows of these fields; objects without values below them are left out. */
  static ParquetSchema of(List<DataSchema.Entry> fields) {
    ParquetSchema schema = new ParquetSchema();
    TableSql table = new TableSql(fields);
    EnvelopeColumn.BEFORE_DATA.forEach(schema::addEnvelope);
    if (table.hasData()) {
      schema.topLevel++;
      schema.addGroup(
          "data", EnvelopeColumn.DATA_ID, table.valued(-1), table, List.of("data"), NOTHING);
    }
    EnvelopeColumn.AFTER_DATA.forEach(schema::addEnvelope);
    return schema;
  }

  private void addEnvelope(EnvelopeColumn column) {
    Function<RowChunk, Column> rows = column.rows();
    topLevel++;
    nodes.add(new Node(column.name(), column.id(), 0, column.type()));
    leaves.add(
        new Leaf(
            List.of(column.name()),
            column.type(),
            NOTHING,
            1,
            rows == null ? null : view -> rows.apply(view.chunk())));
  }

  private void addGroup(
      String name,
      int id,
      List<DataSchema.Entry> members,
      TableSql table,
      List<String> path,
      int parent) {
    int group = groups.size();
    int depth = parent == NOTHING ? 0 : groups.get(parent).depth() + 1;
    nodes.add(new Node(name, id, members.size(), null));
    groups.add(new Group(parent, depth));
    for (DataSchema.Entry field : members) {
      List<String> inner = new ArrayList<>(path);
      inner.add(field.name());
      int own = EnvelopeColumn.FIRST_FIELD_ID + field.id();
      if (field.kind() == Kind.OBJECT) {
        addGroup(field.name(), own, table.valued(field.id()), table, inner, group);
      } else {
        ParquetType type = ParquetType.of(field.kind());
        nodes.add(new Node(field.name(), own, 0, type));
        leaves.add(
            new Leaf(List.copyOf(inner), type, group, depth + 2, view -> view.data(field.id())));
      }
    }
  }

  /** Each before those inside it. */
  List<Group> groups() {
    return groups;
  }

  /** In the order in which files have them. */
  List<Leaf> leaves() {
    return leaves;
  }

  /** The list of elements as it stands in a footer. */
  byte[] encoded() {
    ByteSink sink = new ByteSink();
    ThriftWriter out = new ThriftWriter(sink);
    out.list(ThriftWriter.STRUCT, nodes.size() + 1);
    out.begin();
    out.text(4, "leat");
    out.int32(5, topLevel);
    out.end();
    nodes.forEach(node -> write(node, out));
    return Arrays.copyOf(sink.array(), sink.length());
  }

  private static void write(Node node, ThriftWriter out) {
    ParquetType type = node.type();
    out.begin();
    if (type != null) {
      out.int32(1, type.physical().number());
    }
    out.int32(3, OPTIONAL);
    out.text(4, node.name());
    if (type == null) {
      out.int32(5, node.children());
      out.int32(9, node.id());
    } else {
      writeLogical(type, node.id(), out);
    }
    out.end();
  }

  /** What the values mean: as old readers know it, the field's id, and as new ones do. */
  private static void writeLogical(ParquetType type, int id, ThriftWriter out) {
    switch (type) {
      case BOOLEAN, DOUBLE, BYTES -> out.int32(9, id);
      case INTEGER -> writeLogical(17, id, out, () -> writeInteger(Integer.SIZE, out));
      case LONG -> writeLogical(18, id, out, () -> writeInteger(Long.SIZE, out));
      case TIME -> writeLogical(10, id, out, () -> writeTime(out));
      case TEXT -> writeLogical(0, id, out, () -> out.empty(1));
      case JSON -> writeLogical(19, id, out, () -> out.empty(12));
    }
  }

  private static void writeLogical(int converted, int id, ThriftWriter out, Runnable logical) {
    out.int32(6, converted);
    out.int32(9, id);
    out.begin(10);
    logical.run();
    out.end();
  }

  private static void writeInteger(int bits, ThriftWriter out) {
    out.begin(10);
    out.int8(1, bits);
    out.bool(2, true);
    out.end();
  }

  /** A moment, in microseconds. */
  private static void writeTime(ThriftWriter out) {
    out.begin(8);
    out.bool(1, true);
    out.begin(2);
    out.empty(2);
    out.end();
    out.end();
  }
}
