package dev.leat.pipeline;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a schema. Schemas are written in the dialect of ECMA-262; Java's engine
 * runs them, after the differences that change what is matched have been taken out: the end of the
 * text is its very end, a bracket inside a class stands for itself. Each character the engine looks
 * at is a step, so that an expression that backtracks without end is stopped. Immutable.
 */
final class SchemaPattern {
  private final Pattern pattern;

  private SchemaPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * @throws PatternSyntaxException if it is none
   */
  static SchemaPattern of(String expression) {
    return new SchemaPattern(Pattern.compile(translate(expression)));
  }

  /**
   * Whether some part of the text matches.
   *
   * @throws LimitException if finding out takes too many steps
   */
  boolean isIn(String text, @Nullable Steps steps) {
    return pattern.matcher(steps == null ? text : new Counted(text, steps)).find();
  }

  private static String translate(String expression) {
    StringBuilder out = new StringBuilder(expression.length() + 8);
    boolean inClass = false;
    for (int at = 0; at < expression.length(); at++) {
      char c = expression.charAt(at);
      if (c == '\\' && at + 1 < expression.length()) {
        at++;
        out.append(c).append(expression.charAt(at));
      } else if (inClass) {
        inClass = c != ']';
        out.append(c == '[' || c == '&' ? "\\" : "").append(c);
      } else if (expression.startsWith("[]", at)) {
        out.append("(?!)"); // A class of nothing.
        at++;
      } else if (expression.startsWith("[^]", at)) {
        out.append("[\\s\\S]"); // And one of everything.
        at += 2;
      } else {
        inClass = c == '[';
        out.append(c == '$' ? "\\z" : c);
      }
    }
    return out.toString();
  }

  private record Counted(CharSequence text, Steps steps) implements CharSequence {
    @Override
    public char charAt(int index) {
      steps.take(1);
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.subSequence(start, end), steps);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
