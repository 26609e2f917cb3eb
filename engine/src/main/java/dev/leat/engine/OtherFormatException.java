package dev.leat.engine;

/**
 * Something in the data directory was written by another version of Leat, in a format that this one
 * does not know. It is no damage: nothing may be set aside, dropped or written, and the start is
 * refused with the message.
 */
final class OtherFormatException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * @param what has the format
   * @param found its version
   * @param known the newest that this program reads
   */
  OtherFormatException(String what, long found, long known) {
    super(
        "%s has format %d and this version of Leat reads format %d: run the version that wrote it, or a newer one"
            .formatted(what, found, known));
  }
}
