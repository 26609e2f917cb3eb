package dev.leat.store;

import dev.leat.event.EventStore;

/**
 * A file of a table whose rows show in no answer.
 *
 * @param what became of it, such as {@code is missing}
 */
record DamagedFile(String table, DataFile file, String what) {
  /** In words for the operator. */
  String text() {
    return "%s with %d rows of %s, from the log's positions %d to %d, %s"
        .formatted(
            file.path(),
            file.rows(),
            table,
            file.span().minOffset(),
            file.span().maxOffset(),
            what);
  }

  EventStore.LostRows lost() {
    return new EventStore.LostRows(
        table, file.rows(), file.span().minOffset(), file.span().maxOffset());
  }
}
