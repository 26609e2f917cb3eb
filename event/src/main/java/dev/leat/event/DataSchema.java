package dev.leat.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields that the {@code data} of a table has shown so far, each with an id that never changes
 * and one kind. It only grows: the first kind seen is the field's kind, integers widen to
 * fractions, and a value that does not fit is for the caller to keep elsewhere. Safe for use by
 * several threads.
 *
 * <p>Names are compared without regard to case in ASCII, as SQL does: the first spelling stays. The
 * number of fields, their depth and the length of their names are bounded, so that hostile data
 * can't grow a table without end.
 */
public final class DataSchema {
  public static final int MAX_FIELDS = 2_000;
  public static final int MAX_DEPTH = 8;
  public static final int MAX_NAME_BYTES = 256;

  /** What values a field holds. JSON is for arrays, kept as their text. */
  public enum Kind {
    OBJECT,
    BOOLEAN,
    LONG,
    DOUBLE,
    TEXT,
    JSON
  }

  /**
   * A field as it is written down.
   *
   * @param id the field's number, counted from 0 in the order the fields were first seen
   * @param parent the id of the object it belongs to, or -1 at the top
   */
  public record Entry(int id, int parent, String name, Kind kind) {}

  /** A field. Its kind can change once, from LONG to DOUBLE. */
  public static final class Field {
    private final int id;
    private final @Nullable Field parent;
    private final String name;
    private final byte[] nameBytes;
    private final int depth;
    private final Map<String, Field> children = new HashMap<>();
    private volatile Kind kind;

    private Field(int id, @Nullable Field parent, String name, Kind kind) {
      this.id = id;
      this.parent = parent;
      this.name = name;
      this.nameBytes = name.getBytes(UTF_8);
      this.depth = parent == null ? 0 : parent.depth + 1;
      this.kind = kind;
    }

    public int id() {
      return id;
    }

    public String name() {
      return name;
    }

    public Kind kind() {
      return kind;
    }

    /** Whether the name is exactly these bytes. */
    public boolean isNamed(byte[] bytes, int from, int length) {
      return Arrays.equals(nameBytes, 0, nameBytes.length, bytes, from, from + length);
    }

    Entry entry() {
      return new Entry(id, parent == null || parent.id < 0 ? -1 : parent.id, name, kind);
    }
  }

  private final Field root = new Field(-1, null, "data", Kind.OBJECT);
  private final List<Field> fields = new ArrayList<>(); // guarded by this
  private int version; // guarded by this
  private volatile boolean closed;

  public DataSchema() {}

  /** A schema that continues where entries that were written down ended. */
  public static DataSchema of(List<Entry> entries) {
    DataSchema schema = new DataSchema();
    for (Entry entry : entries) {
      Field parent = entry.parent() < 0 ? schema.root : schema.fields.get(entry.parent());
      if (entry.id() != schema.fields.size()) {
        throw new IllegalArgumentException(
            "field %s follows %d fields".formatted(entry, schema.fields.size()));
      }
      schema.add(parent, entry.name(), entry.kind());
    }
    return schema;
  }

  /** The object that {@code data} itself is. */
  public Field root() {
    return root;
  }

  /**
   * Says whether fields are only added by {@link #declare}, not by what data shows. A closed schema
   * still widens no field by {@link #observe}.
   */
  public void setClosed(boolean closed) {
    this.closed = closed;
  }

  /**
   * The field for a value that data shows: as {@link #declare}, but a closed schema neither grows
   * nor widens by it.
   */
  public @Nullable Field observe(Field parent, String name, Kind kind) {
    return closed ? known(parent, name, kind) : declare(parent, name, kind);
  }

  private synchronized @Nullable Field known(Field parent, String name, Kind kind) {
    Field known = parent.children.get(key(name));
    boolean fits =
        known != null
            && known.name.equals(name)
            && (known.kind == kind || (known.kind == Kind.DOUBLE && kind == Kind.LONG));
    return fits ? known : null;
  }

  /**
   * The field of an object for a value of this kind, declared if it is new, widened if that helps;
   * null if the value does not fit: another kind, too deep, one too many, or a name that is empty
   * or too long.
   */
  public synchronized @Nullable Field declare(Field parent, String name, Kind kind) {
    Field known = parent.children.get(key(name));
    if (known == null) {
      boolean room =
          fields.size() < MAX_FIELDS
              && parent.depth < MAX_DEPTH
              && !name.isEmpty()
              && name.indexOf('\0') < 0
              && name.getBytes(UTF_8).length <= MAX_NAME_BYTES;
      return room ? add(parent, name, kind) : null;
    }
    if (!known.name.equals(name)) {
      return null;
    }
    if (known.kind == kind || (known.kind == Kind.DOUBLE && kind == Kind.LONG)) {
      return known;
    }
    if (known.kind == Kind.LONG && kind == Kind.DOUBLE) {
      known.kind = Kind.DOUBLE;
      version++;
      return known;
    }
    return null;
  }

  /** All fields in the order of their ids, as they are now. */
  public synchronized List<Entry> entries() {
    return fields.stream().map(Field::entry).toList();
  }

  /** Grows with each change: equal versions of one schema have equal entries. */
  public synchronized int version() {
    return version;
  }

  private Field add(Field parent, String name, Kind kind) {
    Field field = new Field(fields.size(), parent, name, kind);
    fields.add(field);
    parent.children.put(key(name), field);
    version++;
    return field;
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** The fields of an object, in the order they were first seen; the top level's for -1. */
  public static List<Entry> childrenOf(List<Entry> entries, int parent) {
    List<Entry> children = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.parent() == parent) {
        children.add(entry);
      }
    }
    return Collections.unmodifiableList(children);
  }
}
