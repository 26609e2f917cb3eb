package dev.leat.store;

import dev.leat.event.DataSchema;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of {@code data} a statement needs. Reading fewer fields matters: behind a UNION ALL
 * DuckDB reads whole objects, so the views name the fields instead. In doubt it is the whole.
 */
sealed interface DataUse {

  /** All of it. */
  record Whole() implements DataUse {}

  /** Only these fields; none if the data is not used at all. */
  record Paths(Collection<Node> roots) implements DataUse {
    public Paths {
      roots = List.copyOf(roots);
    }
  }

  /** The fields of the top as columns of the table, and no data. */
  record Flat() implements DataUse {}

  DataUse WHOLE = new Whole();
  DataUse FLAT = new Flat();

  /** A field that is needed, all of it or some fields below. */
  final class Node {
    private final int field;
    private final Map<Integer, Node> children = new LinkedHashMap<>();
    private boolean whole;

    private Node(int field) {
      this.field = field;
    }

    int field() {
      return field;
    }

    boolean isWhole() {
      return whole;
    }

    Collection<Node> children() {
      return children.values();
    }
  }

  /**
   * The fields that paths of names lead to. A path that leads nowhere may mean something else: then
   * it is the whole.
   */
  static DataUse of(Collection<List<String>> paths, TableSql table) {
    Node root = new Node(-1);
    for (List<String> path : paths) {
      if (!add(root, path, table)) {
        return WHOLE;
      }
    }
    return new Paths(root.children.values());
  }

  private static boolean add(Node root, List<String> path, TableSql table) {
    Node node = root;
    for (String name : path) {
      DataSchema.Entry field = table.find(node.field, name);
      if (field == null) {
        return false;
      }
      node = node.children.computeIfAbsent(field.id(), Node::new);
      if (field.kind() != DataSchema.Kind.OBJECT) {
        // What follows reaches into JSON or is a mistake; DuckDB knows which.
        node.whole = true;
        return true;
      }
      if (!table.hasValues(field)) {
        return false;
      }
    }
    node.whole = true;
    return node != root;
  }
}
