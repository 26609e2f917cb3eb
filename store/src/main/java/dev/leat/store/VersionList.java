package dev.leat.store;

import dev.leat.event.EventStore;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The versions of a catalogue, as others see them. */
final class VersionList {
  private VersionList() {}

  /** Newest first. */
  static List<EventStore.Version> of(CatalogueState state) {
    List<EventStore.Version> versions = new ArrayList<>();
    for (CatalogueState.Position position : state.versions()) {
      versions.add(
          new EventStore.Version(
              position.version(),
              position.next(),
              Base64.getDecoder().decode(position.state()),
              at(position.atMicros()),
              rows(state, position)));
    }
    return versions;
  }

  private static @Nullable Instant at(long micros) {
    return micros == 0 ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static long rows(CatalogueState state, CatalogueState.Position position) {
    long files =
        state.filesAt(position.version()).values().stream()
            .flatMap(List::stream)
            .mapToLong(DataFile::rows)
            .sum();
    return files
        + position.shapes().values().stream().mapToLong(CatalogueState.Shape::expiredRows).sum();
  }

  /**
   * Makes an older version the present one; returns its new number.
   *
   * @throws IllegalArgumentException if it is not kept
   */
  static long rollback(Catalogue catalogue, long to, long atMicros) throws IOException {
    CatalogueState state = catalogue.state();
    if (state.at(to) == null) {
      throw new IllegalArgumentException(
          "version %d is not kept; there are %s"
              .formatted(
                  to, state.versions().stream().map(CatalogueState.Position::version).toList()));
    }
    catalogue.commit(new CatalogueState.Rollback(state.version() + 1, to, atMicros));
    return state.version() + 1;
  }
}
