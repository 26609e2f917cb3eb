package dev.leat.bench;

/**
 * What is sent: requests, each a pure function of its number. So every system gets the same bytes,
 * any thread can make any request, and what was sent is told by how many. Immutable.
 */
interface EventStream {
  /** Events of one request. */
  int batch();

  /** An empty chunk that every request of this stream fits into. */
  Chunk chunk();

  /** Makes a request; true unless the stream has ended before it. */
  boolean write(long request, Chunk into);

  /** Whether it ends by itself. */
  boolean isFinite();

  /** Mean size of an event in bytes, its line end included. */
  double eventBytes();
}
