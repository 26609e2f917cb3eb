package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Field;
import dev.leat.event.DataSchema.Kind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one shard has learned about a name inside an object: the field it stands for, and the kinds
 * of value that found no place. Refusals are final in a {@link DataSchema}, so they are remembered
 * and asked for once. For one thread.
 */
final class FieldNode {
  /**
   * Names remembered per object; further ones are looked up anew each time, so that memory stays
   * bounded.
   */
  private static final int MAX_CHILDREN = 4_096;

  private final DataSchema schema;
  private final @Nullable FieldNode parent;
  private final String name;
  private final byte[] nameBytes;
  private @Nullable Field field;
  private final Set<Kind> refused = EnumSet.noneOf(Kind.class);

  private final Map<String, FieldNode> children = new HashMap<>();
  private @Nullable FieldNode first;
  private @Nullable FieldNode follower;

  private FieldNode(
      DataSchema schema, @Nullable FieldNode parent, String name, @Nullable Field field) {
    this.schema = schema;
    this.parent = parent;
    this.name = name;
    this.nameBytes = name.getBytes(UTF_8);
    this.field = field;
  }

  static FieldNode root(DataSchema schema) {
    return new FieldNode(schema, null, "data", schema.root());
  }

  /** The node of a name that came after {@code previous} (null: came first) in this object. */
  FieldNode child(@Nullable FieldNode previous, byte[] bytes, int from, int length) {
    FieldNode guess = previous == null ? first : previous.follower;
    if (guess != null && guess.isNamed(bytes, from, length)) {
      return guess;
    }
    FieldNode found = find(new String(bytes, from, length, UTF_8));
    boolean remembered = children.size() < MAX_CHILDREN;
    if (remembered && previous == null) {
      first = found;
    } else if (remembered && previous != null) {
      previous.follower = found;
    }
    return found;
  }

  private FieldNode find(String childName) {
    FieldNode known = children.get(childName);
    if (known == null) {
      known = new FieldNode(schema, this, childName, null);
      if (children.size() < MAX_CHILDREN) {
        children.put(childName, known);
      }
    }
    return known;
  }

  /** The field for a value of this kind, or null if none takes it. */
  @Nullable Field field(Kind kind) {
    Field known = field;
    if (known != null && known.kind() == kind) {
      return known;
    }
    return known != null && known.kind() == Kind.DOUBLE && kind == Kind.LONG
        ? known
        : declared(kind);
  }

  private @Nullable Field declared(Kind kind) {
    if (parent == null || refused.contains(kind)) {
      return null;
    }
    Field owner = parent.field;
    Field declared = owner == null ? null : schema.declare(owner, name, kind);
    if (declared == null) {
      refused.add(kind);
    } else {
      field = declared;
    }
    return declared;
  }

  private boolean isNamed(byte[] bytes, int from, int length) {
    return Arrays.equals(nameBytes, 0, nameBytes.length, bytes, from, from + length);
  }
}
