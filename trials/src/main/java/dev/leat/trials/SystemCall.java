package dev.leat.trials;

import java.io.ByteArrayOutputStream;

/**
 * One system call as {@code strace} saw it.
 *
 * @param thread who called
 * @param name of the call
 * @param arguments as they are printed
 * @param result what came back: the number, and what follows it
 * @param begin the line of the trace at which it had not begun yet
 * @param end the line of the trace at which it had returned
 */
record SystemCall(int thread, String name, String arguments, String result, long begin, long end) {

  /** The number that came back; -1 for a failure, and for a call that never returned. */
  long returned() {
    int end = 0;
    while (end < result.length()
        && (Character.isDigit(result.charAt(end)) || result.charAt(end) == '-')) {
      end++;
    }
    return end == 0 ? -1 : Long.parseLong(result, 0, end, 10);
  }

  /**
   * What the first argument, a descriptor, stands for: a path or a connection; empty if unknown.
   */
  String target() {
    int open = arguments.indexOf('<');
    if (open < 0) {
      return "";
    }
    int depth = 0;
    for (int at = open; at < arguments.length(); at++) {
      char c = arguments.charAt(at);
      boolean arrow = c == '>' && arguments.charAt(at - 1) == '-';
      if (c == '<') {
        depth++;
      } else if (c == '>' && !arrow && --depth == 0) {
        return arguments.substring(open + 1, at);
      }
    }
    return "";
  }

  /** The bytes that are printed as the first text among the arguments; long ones are cut. */
  byte[] bytes() {
    int from = arguments.indexOf(">, ");
    int quote = arguments.indexOf('"', Math.max(0, from));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = quote + 1;
    while (quote >= 0 && at < arguments.length() && arguments.charAt(at) != '"') {
      char c = arguments.charAt(at++);
      if (c != '\\') {
        out.write(c);
        continue;
      }
      char escaped = arguments.charAt(at++);
      if (escaped >= '0' && escaped <= '7') {
        int value = escaped - '0';
        for (int digit = 1; digit < 3 && isOctal(arguments.charAt(at)); digit++) {
          value = value * 8 + arguments.charAt(at++) - '0';
        }
        out.write(value);
      } else {
        out.write(unescaped(escaped));
      }
    }
    return out.toByteArray();
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }

  private static int unescaped(char c) {
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 0x0b;
      case 'f' -> '\f';
      default -> c;
    };
  }
}
