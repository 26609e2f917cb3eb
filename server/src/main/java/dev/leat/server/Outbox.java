package dev.leat.server;

import dev.leat.alert.Alert;
import dev.leat.alert.Notice;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What waits to be sent to one target. Its courier calls it from one thread at a time. */
interface Outbox {
  /**
   * Something to send.
   *
   * @param what it is, in words
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Parcel(String what, byte[] body) {}

  /**
   * Takes in what happened.
   *
   * @param notices what somebody is to be told
   * @param open all open incidents
   * @return what had to be thrown away for it, in words
   */
  List<String> put(List<Notice> notices, List<Alert> open, Instant now);

  /** What to send now; null if there is nothing. */
  @Nullable Parcel next(Instant now);

  /** The last parcel is done with: it was taken, or refused for good. */
  void done(Instant now);

  /** The last parcel was not taken: what it said is to be sent again, with what came since. */
  void failed();

  /** What waits. */
  int waiting();
}
