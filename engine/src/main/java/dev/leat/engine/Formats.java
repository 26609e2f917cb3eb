package dev.leat.engine;

/** Versions of formats, as the last letter of a magic gives them. */
final class Formats {
  private Formats() {}

  /**
   * Refuses a magic that is another version of the one expected.
   *
   * @param what has it
   * @param found eight letters, the first of which is the lowest byte
   * @throws OtherFormatException if they differ in the last letter alone, which is a digit
   */
  static void check(String what, long found, long expected) {
    int last = Long.SIZE - Byte.SIZE;
    long version = (found >>> last) - '0';
    boolean same = (found ^ expected) << Byte.SIZE == 0;
    if (same && found != expected && version > 0 && version <= 9) {
      throw new OtherFormatException(what, version, (expected >>> last) - '0');
    }
  }
}
