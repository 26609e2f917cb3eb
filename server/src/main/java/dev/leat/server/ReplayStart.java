package dev.leat.server;

import dev.leat.event.ReadOnlyDisk;
import dev.leat.log.LogCopy;
import dev.leat.store.StoreCatalogue;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

/** Where a second view begins. Immutable. */
sealed interface ReplayStart {
  /** At the first event that the log still has. */
  record Oldest() implements ReplayStart {}

  /** At a position. */
  record At(long offset) implements ReplayStart {}

  /** At the first event that was kept at or after a time. */
  record Since(Instant time) implements ReplayStart {}

  /** Where processing went on after a version of the store. */
  record After(long version) implements ReplayStart {}

  /**
   * The position.
   *
   * @throws CommandFailure if the log does not reach back to it
   */
  default long position(ReadOnlyDisk log, StoreCatalogue catalogue) throws IOException {
    return switch (this) {
      case Oldest _ -> first(log);
      case At at -> {
        if (at.offset() < first(log)) {
          throw tooOld(log, first(log));
        }
        yield at.offset();
      }
      case Since since -> since(log, since.time());
      case After after -> {
        OptionalLong next = catalogue.nextOffsetAfter(after.version());
        if (next.isEmpty()) {
          throw new CommandFailure(
              "there is no version %d of the store; there are %s"
                  .formatted(after.version(), catalogue.versions()));
        }
        if (next.getAsLong() < first(log)) {
          throw tooOld(log, first(log));
        }
        yield next.getAsLong();
      }
    };
  }

  private static long first(ReadOnlyDisk log) throws IOException {
    return LogCopy.firstOffset(log)
        .orElseThrow(() -> new CommandFailure("there is no log yet: nothing can be replayed"));
  }

  private static long since(ReadOnlyDisk log, Instant time) throws IOException {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, time);
    LogCopy.Moment oldest = LogCopy.moment(log, Long.MIN_VALUE);
    LogCopy.Moment moment = LogCopy.moment(log, micros);
    if (oldest == null || moment == null) {
      throw new CommandFailure("the log has no events yet: nothing can be replayed");
    }
    if (micros < oldest.micros() && oldest.offset() > 0) {
      throw tooOld(log, first(log));
    }
    if (moment.micros() < micros) {
      throw new CommandFailure(
          "no event came at or after %s; the last one in the log came at %s"
              .formatted(time, SecondView.instant(moment.micros())));
    }
    return moment.offset();
  }

  /** Says how far the log reaches back. */
  static CommandFailure tooOld(ReadOnlyDisk log, long first) throws IOException {
    LogCopy.Moment oldest = LogCopy.moment(log, Long.MIN_VALUE);
    return new CommandFailure(
        "the log reaches back to position %d%s only: what is older can't be replayed; --from start begins there"
            .formatted(
                first,
                oldest == null ? "" : ", which came at " + SecondView.instant(oldest.micros())));
  }
}
