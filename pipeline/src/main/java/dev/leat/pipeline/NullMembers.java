package dev.leat.pipeline;

import dev.leat.event.Column;
import dev.leat.event.RowChunk;

/** The members of one event's data that were sent as null, as a JSON object. For one thread. */
final class NullMembers {
  private final ByteWriter members = new ByteWriter();

  void clear() {
    members.reset();
  }

  /** Adds a member; false, and nothing is added, if it is inside another object. */
  boolean add(FieldNode node) {
    if (!node.isTop()) {
      return false;
    }
    members.putByte(members.length() == 0 ? '{' : ',');
    members.putBytes(node.nullMember());
    return true;
  }

  /** Makes them the rest of the row being written, if there are any. */
  void write(RowChunk chunk) {
    if (members.length() > 0) {
      members.putByte('}');
      Column.Bytes rest = chunk.rest;
      members.copyTo(rest.reserve(members.length()), rest.used());
      rest.finish(chunk.rows(), members.length());
    }
  }
}
