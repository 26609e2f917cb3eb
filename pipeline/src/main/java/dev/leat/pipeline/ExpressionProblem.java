package dev.leat.pipeline;

/**
 * Something wrong in the text of an expression, for the person who wrote it.
 *
 * @param line counted from 1, within the text
 * @param column counted from 1
 * @param message what is wrong and, where a slip is likely, what was probably meant
 */
public record ExpressionProblem(int line, int column, String message) {
  @Override
  public String toString() {
    return "%d:%d: %s".formatted(line, column, message);
  }
}
