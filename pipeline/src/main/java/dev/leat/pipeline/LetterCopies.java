package dev.leat.pipeline;

import dev.leat.event.EventCursor;
import dev.leat.pipeline.Memory.Seen;

/**
 * Which dead letters a stream has had: a producer that sends one again, byte for byte, because it
 * got no answer, must not make a second one. Another try with other data is another dead letter.
 * For one thread.
 */
final class LetterCopies {
  private final Seen seen;
  private byte[] key = new byte[1_024];

  LetterCopies(Seen seen) {
    this.seen = seen;
  }

  /** The position of the dead letter that had the same source, id and data; else -1. */
  long first(EventCursor event) {
    int length = fill(event);
    return seen.first(key, 0, event.sourceLength(), event.sourceLength(), length);
  }

  /** Remembers a dead letter that {@link #first} does not know. */
  void add(EventCursor event, long position) {
    int length = fill(event);
    seen.add(key, 0, event.sourceLength(), event.sourceLength(), length, position);
  }

  /**
   * Source, then id, a zero and the data as if they were one id; returns the length of the last.
   */
  private int fill(EventCursor event) {
    int length = event.idLength() + 1 + event.dataLength();
    int all = event.sourceLength() + length;
    if (key.length < all) {
      key = new byte[all];
    }
    byte[] bytes = event.bytes();
    int at = event.sourceLength();
    System.arraycopy(bytes, event.sourceAt(), key, 0, at);
    System.arraycopy(bytes, event.idAt(), key, at, event.idLength());
    at += event.idLength();
    key[at++] = 0;
    System.arraycopy(bytes, event.dataAt(), key, at, event.dataLength());
    return length;
  }
}
