package dev.leat.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The time during which a server took nothing, over all senders: it is said once when it begins and
 * once when it is over, and when it lasts too long they give up. Safe for any thread.
 */
final class Outage {
  private final Duration patience;
  private final InstantSource clock;
  private final Consumer<String> say;
  private @Nullable Instant since; // guarded by this

  Outage(Duration patience, InstantSource clock, Consumer<String> say) {
    this.patience = patience;
    this.clock = clock;
    this.say = say;
  }

  /** Notes that an attempt failed; false if it is time to give up. */
  synchronized boolean mayWait(String trouble) {
    Instant now = clock.instant();
    Instant began = since;
    if (began == null) {
      since = now;
      say.accept(
          "%s: trying again, for up to %d s; nothing is lost"
              .formatted(trouble, patience.toSeconds()));
      return true;
    }
    return Duration.between(began, now).compareTo(patience) < 0;
  }

  /** Notes that the server took something. */
  synchronized void over() {
    Instant began = since;
    if (began != null) {
      since = null;
      say.accept(
          "going on, after %d ms".formatted(Duration.between(began, clock.instant()).toMillis()));
    }
  }
}
