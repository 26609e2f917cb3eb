package dev.leat.pipeline;

import java.time.Duration;

/**
 * What a pipeline knows of the events before: the promise that the engine keeps, in memory and on
 * disk. It is part of every commit, so after a crash it is as it was at the position processing
 * continues from, or knows more; what it knows of later positions does no harm, because it says at
 * which position it learned it. For the thread that runs the pipeline. What can't be answered
 * throws a {@link MemoryException} or an {@link java.io.UncheckedIOException}.
 */
public interface Memory {
  /** Which events a stream has had. Streams with equal windows may share what is behind it. */
  Seen seen(String stream, Duration window);

  /** The versions of a stream's entities. */
  Versions versions(String stream);

  /**
   * Says that the log has come to events received at this time, in microseconds; a time before the
   * latest is ignored. What is older than its window by it is forgotten.
   */
  void advance(long receivedMicros);

  /** The events of one stream within its window. */
  interface Seen {
    /** The event is not known. */
    long NEVER = -1;

    /** The position of the first event with this source and id, or {@link #NEVER}. */
    long first(byte[] bytes, int sourceAt, int sourceLength, int idAt, int idLength);

    /** Remembers an event that {@link #first} does not know. */
    void add(byte[] bytes, int sourceAt, int sourceLength, int idAt, int idLength, long position);
  }

  /** The newest version of each entity of one stream. */
  interface Versions {
    /** The entity has none yet. */
    long NONE = Long.MIN_VALUE;

    /** The version of the entity with this key, or {@link #NONE}. */
    long of(byte[] bytes, int keyAt, int keyLength);

    /** Sets the version of an entity, which an event at {@code position} brought. */
    void set(byte[] bytes, int keyAt, int keyLength, long version, long position);
  }
}
