package dev.leat.pipeline;

import dev.leat.event.RowChunk;
import java.util.Arrays;

/** The members of one event's data that were sent as null, as a JSON object. For one thread. */
final class NullMembers {
  private static final int BEGIN = 1;

  private byte[] object = {'{'};
  private int length = BEGIN;

  void clear() {
    length = BEGIN;
  }

  /** Adds a member; false, and nothing is added, if it is inside another object. */
  boolean add(FieldNode node) {
    if (!node.isTop()) {
      return false;
    }
    byte[] member = node.nullMember();
    int needed = length + member.length + 1;
    if (needed > object.length) {
      object = Arrays.copyOf(object, 2 * needed);
    }
    if (length > BEGIN) {
      object[length++] = ',';
    }
    System.arraycopy(member, 0, object, length, member.length);
    length += member.length;
    return true;
  }

  /** Makes them the rest of the row being written, if there are any. */
  void write(RowChunk chunk) {
    if (length > BEGIN) {
      if (length == object.length) {
        object = Arrays.copyOf(object, length + 1);
      }
      object[length] = '}';
      chunk.rest.set(chunk.rows(), object, 0, length + 1);
    }
  }
}
