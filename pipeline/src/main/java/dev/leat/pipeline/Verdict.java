package dev.leat.pipeline;

/** What became of an event. Every event gets exactly one. */
public enum Verdict {
  /** It is a row of its stream. */
  STORED,
  /** It is a copy of an event that was stored before. */
  DUPLICATE,
  /** It failed a stage and is kept whole in {@code dead_letters}. */
  DEAD_LETTERED,
  /** A rule said to drop it. */
  FILTERED
}
