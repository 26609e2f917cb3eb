package dev.leat.pipeline;

/** The series that was read last: the {@link SeriesKey} it has, and the number that names it. */
interface Series {
  /** Whether the series has a number. */
  boolean hasNumber();

  /** The number of the series; no other series of these labels has it. */
  long number();

  /** The array that the key of the series stands in; asked for before the two that follow. */
  byte[] key();

  /** Where the key begins. */
  int from();

  /** Bytes of the key. */
  int length();
}
