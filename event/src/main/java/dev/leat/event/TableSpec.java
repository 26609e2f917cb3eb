package dev.leat.event;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A table as the definition wants it. The same name may be given again with other wishes; the rows
 * stay.
 *
 * @param name in lower case: a letter, then letters, digits or underscores; at most 64 characters
 * @param declared whether only fields that were declared get columns of their own; otherwise fields
 *     are added as data shows them
 * @param flat whether queries see the fields of the data as columns of the table, and no {@code
 *     data}
 * @param entityKey the column whose value names the entity that a row is the newest state of, as
 *     {@code subject}, {@code attributes.meter} or {@code data.order.id}; null if rows are not
 *     states
 * @param retention how long rows stay, counted from when they were received; null for ever
 */
public record TableSpec(
    String name,
    boolean declared,
    boolean flat,
    @Nullable String entityKey,
    @Nullable Duration retention) {
  public static final int MAX_NAME = 64;

  public TableSpec {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "'%s' is no name for a table: a letter, then letters, digits or underscores, in lower case, at most %d"
              .formatted(name, MAX_NAME));
    }
  }

  /** Whether a table may be called so. */
  public static boolean isName(String name) {
    return name.length() <= MAX_NAME && name.matches("[a-z][a-z0-9_]*");
  }

  /** A table that takes whatever fields its events show. */
  public static TableSpec open(String name) {
    return new TableSpec(name, false, false, null, null);
  }
}
