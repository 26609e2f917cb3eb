package dev.leat.pipeline;

import dev.leat.event.Slice;
import dev.leat.pipeline.Memory.Versions;
import org.jspecify.annotations.Nullable;

/**
 * Whether an event is the next state of its entity: its version has to follow the newest one, and
 * if it says with the attribute {@code expectedversion} which state it was made for, that must be
 * it. Otherwise it is a conflict, kept like every dead letter.
 */
final class EntityStage implements Stage {
  private static final String NAME = "entity";
  private static final String NOTHING = "none";

  private final StreamSpec.Entity entity;
  private final KeyReader key;
  private final KeyReader version;
  private final Versions versions;
  private final AttributeReader expected = new AttributeReader("expectedversion");
  private final Slice keyText = new Slice();
  private final Slice versionText = new Slice();
  private byte[] presentKey = {};
  private long presentVersion;

  EntityStage(StreamSpec.Entity entity, KeyReader key, KeyReader version, Versions versions) {
    this.entity = entity;
    this.key = key;
    this.version = version;
    this.versions = versions;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Rejection check(Row row) {
    key.read(row, keyText);
    if (!keyText.isPresent()) {
      return Rejection.failed(NAME, "key-missing", null, entity.key(), "a value", "nothing");
    }
    presentKey = keyText.toBytes();
    version.read(row, versionText);
    Long next = number(versionText);
    if (next == null) {
      return Rejection.failed(
          NAME,
          "version-missing",
          null,
          entity.version(),
          "a whole number",
          versionText.isPresent() ? versionText.toString() : "nothing");
    }
    presentVersion = next;
    long newest = versions.of(presentKey, 0, presentKey.length);
    String wanted = wanted(row, newest);
    return wanted == null
        ? null
        : Rejection.failed(
            NAME, "version-conflict", null, entity.version(), wanted, Long.toString(next));
  }

  /** What the event would have to say; null if it says it. */
  private @Nullable String wanted(Row row, long newest) {
    boolean first = newest == Versions.NONE;
    Slice made = expected.read(row.event());
    if (made.isPresent()) {
      String state = first ? NOTHING : Long.toString(newest);
      if (!made.toString().equals(state)) {
        return "an event made for version %s, not for %s".formatted(state, made);
      }
    }
    if (first) {
      return null;
    }
    return switch (entity.order()) {
      case NEWER -> presentVersion > newest ? null : "a version after %d".formatted(newest);
      case NEXT -> presentVersion == newest + 1 ? null : "version %d".formatted(newest + 1);
    };
  }

  @Override
  public void stored(Row row) {
    versions.set(presentKey, 0, presentKey.length, presentVersion, row.position());
  }

  private static @Nullable Long number(Slice text) {
    if (!text.isPresent() || text.length() == 0 || text.length() > 20) {
      return null;
    }
    try {
      long number = Long.parseLong(text.toString());
      return number == Versions.NONE ? null : number;
    } catch (NumberFormatException notOne) {
      return null;
    }
  }
}
