package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cel.common.values.NullValue;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Field;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.JsonName;
import dev.leat.pipeline.DataType.Member;
import dev.leat.pipeline.DataType.ObjectOf;
import dev.leat.pipeline.DataType.Scalar;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one shard knows about a name inside an object: the field it stands for, what the definition
 * declares about it, and the kinds of value that found no place, which are asked for once. For one
 * thread.
 */
final class FieldNode {
  /**
   * Names remembered per object, so that memory stays bounded. Further ones are made anew each time
   * and never get a field: a name that is sent twice could not be recognised.
   */
  private static final int MAX_CHILDREN = 4_096;

  private final DataSchema schema;
  private final @Nullable FieldNode parent;
  private final String path;
  private final String name;
  private final byte[] nameBytes;
  private final JsonName spelled;
  private final @Nullable ObjectOf declared;
  private final @Nullable Member member;
  private final Set<String> reserved;
  private final boolean placed;
  private final boolean typed;
  private final @Nullable Kind expected;
  private final int requiredMembers;
  private byte @Nullable [] nullMember;
  private @Nullable Field field;
  private final Set<Kind> refused = EnumSet.noneOf(Kind.class);
  private long lastWalk;

  private final Map<String, FieldNode> children = new HashMap<>();
  private @Nullable FieldNode first;
  private @Nullable FieldNode follower;

  private FieldNode(FieldNode parent, String name, boolean remembered) {
    this.schema = parent.schema;
    this.parent = parent;
    this.path = parent.path + '.' + name;
    this.name = name;
    this.nameBytes = name.getBytes(UTF_8);
    this.spelled = new JsonName(nameBytes);
    this.member = parent.declared == null ? null : parent.declared.members().get(name);
    this.declared = member != null && member.type() instanceof ObjectOf object ? object : null;
    this.reserved = parent.reserved;
    this.placed = remembered && !reserved.contains(path);
    this.typed = parent.typed;
    this.expected = member == null ? null : DataType.kind(member.type());
    this.requiredMembers = required(declared);
  }

  private FieldNode(DataSchema schema, @Nullable ObjectOf declared, Set<String> reserved) {
    this.schema = schema;
    this.parent = null;
    this.path = "data";
    this.name = path;
    this.nameBytes = name.getBytes(UTF_8);
    this.spelled = new JsonName(nameBytes);
    this.member = null;
    this.declared = declared;
    this.reserved = reserved;
    this.placed = true;
    this.typed = declared != null;
    this.expected = Kind.OBJECT;
    this.requiredMembers = required(declared);
    this.field = schema.root();
  }

  /**
   * The node of the data itself.
   *
   * @param declared what the definition says about data; null if nothing
   * @param reserved paths of members that events may not fill, as {@code data.from}
   */
  static FieldNode root(DataSchema schema, @Nullable ObjectOf declared, Set<String> reserved) {
    FieldNode root = new FieldNode(schema, declared, Set.copyOf(reserved));
    root.rememberDeclared();
    return root;
  }

  /** Keeps a place for what is declared, however many other names data shows before. */
  private void rememberDeclared() {
    if (declared != null) {
      for (String child : declared.members().keySet()) {
        FieldNode node = new FieldNode(this, child, true);
        children.put(child, node);
        node.rememberDeclared();
      }
    }
  }

  private static int required(@Nullable ObjectOf declared) {
    return declared == null
        ? 0
        : (int) declared.members().values().stream().filter(Member::required).count();
  }

  /** The node whose name is likely to come after {@code previous} (null: first) in this object. */
  @Nullable FieldNode guess(@Nullable FieldNode previous) {
    return previous == null ? first : previous.follower;
  }

  /** The node of a name that came after {@code previous} (null: came first) in this object. */
  FieldNode child(@Nullable FieldNode previous, byte[] bytes, int from, int length) {
    FieldNode guess = guess(previous);
    if (guess != null && guess.isNamed(bytes, from, length)) {
      return guess;
    }
    String childName = new String(bytes, from, length, UTF_8);
    FieldNode found = children.get(childName);
    if (found == null) {
      boolean remembered = children.size() < MAX_CHILDREN;
      found = new FieldNode(this, childName, remembered);
      if (!remembered) {
        return found;
      }
      children.put(childName, found);
    }
    if (previous == null) {
      first = found;
    } else {
      previous.follower = found;
    }
    return found;
  }

  /**
   * Says that the member was met in a walk over a document, and whether it had been met in it
   * before. Numbers of walks are never used again.
   */
  boolean metBefore(long walk) {
    boolean before = lastWalk == walk;
    lastWalk = walk;
    return before;
  }

  /** How many members of this object the definition requires. */
  int requiredMembers() {
    return requiredMembers;
  }

  boolean isRequired() {
    return member != null && member.required();
  }

  /** Whether a null here is one that the definition allows, where a column stands for it. */
  boolean isNullable() {
    return member != null && member.nullable() && placed && member.type() != Scalar.ANY;
  }

  /** Whether a value of this kind is what the definition declares here; true if it says nothing. */
  boolean isDeclared(Kind kind) {
    return !typed || expected == kind || (expected == Kind.DOUBLE && kind == Kind.LONG);
  }

  /** The field for a value of this kind, or null if none takes it. */
  @Nullable Field field(Kind kind) {
    Field known = field;
    if (known != null && known.kind() == kind) {
      return known;
    }
    return known != null && known.kind() == Kind.DOUBLE && kind == Kind.LONG
        ? known
        : observed(kind);
  }

  private @Nullable Field observed(Kind kind) {
    if (parent == null || !placed || refused.contains(kind)) {
      return null;
    }
    Field owner = parent.field;
    Field observed = owner == null ? null : schema.observe(owner, name, kind);
    if (observed == null) {
      refused.add(kind);
    } else {
      field = observed;
    }
    return observed;
  }

  /** Whether this is a member of the data itself, not of an object in it. */
  boolean isTop() {
    return parent != null && parent.parent == null;
  }

  /** What a null of this name looks like in an object. */
  byte[] nullMember() {
    byte[] known = nullMember;
    if (known == null) {
      byte[] object = DataWriter.json(Map.of(name, NullValue.NULL_VALUE));
      known = Arrays.copyOfRange(object, 1, object.length - 1);
      nullMember = known;
    }
    return known;
  }

  /** The name as documents have it. */
  JsonName spelled() {
    return spelled;
  }

  private boolean isNamed(byte[] bytes, int from, int length) {
    return Arrays.equals(nameBytes, 0, nameBytes.length, bytes, from, from + length);
  }
}
