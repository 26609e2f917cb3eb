package dev.leat.pipeline;

/**
 * Something wrong in a definition file, for the person who wrote it.
 *
 * @param line counted from 1
 * @param column counted from 1
 * @param path where it stands, as {@code log.partitions}; empty for the whole file
 * @param message what was expected and what was found
 */
public record Mistake(int line, int column, String path, String message) {
  @Override
  public String toString() {
    return path.isEmpty()
        ? "%d:%d: %s".formatted(line, column, message)
        : "%d:%d: %s: %s".formatted(line, column, path, message);
  }
}
