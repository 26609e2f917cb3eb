package dev.leat.trials;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the lines of {@code strace -o FILE} together to calls, of one thread or, with {@code -f}, of
 * several. A call that others interrupt is printed in two lines, one when it begins and one when it
 * has returned; one in a single line began and returned between its neighbours. So the number of a
 * line is a time. For one thread.
 */
final class SystemCalls {
  private static final String UNFINISHED = " <unfinished ...>";
  private static final String RESUMED = " resumed>";

  /** Where only one thread is traced its number is not printed. */
  private static final int ONLY_THREAD = 0;

  private record Begun(String name, String arguments, long line) {}

  private final Map<Integer, Begun> begun = new HashMap<>();
  private long line;

  /** Takes the next line; the call that returned with it, if one did. */
  Optional<SystemCall> take(String text) {
    line++;
    int space = text.indexOf(' ');
    boolean several = space > 0 && text.substring(0, space).chars().allMatch(Character::isDigit);
    int thread = several ? Integer.parseInt(text, 0, space, 10) : ONLY_THREAD;
    String call = several ? text.substring(space).strip() : text;
    if (call.startsWith("<... ")) {
      return resumed(thread, call);
    }
    int open = call.indexOf('(');
    if (open < 1 || call.startsWith("+++") || call.startsWith("---")) {
      return Optional.empty();
    }
    String name = call.substring(0, open);
    if (call.endsWith(UNFINISHED)) {
      String arguments = call.substring(open + 1, call.length() - UNFINISHED.length());
      begun.put(thread, new Begun(name, arguments, line));
      return Optional.empty();
    }
    int close = call.lastIndexOf(") = ");
    int padded = call.lastIndexOf(" = ");
    if (padded < 0) {
      return Optional.empty();
    }
    String arguments =
        close < 0
            ? call.substring(open + 1, padded)
            : call.substring(open + 1, Math.max(open + 1, close));
    return Optional.of(
        new SystemCall(thread, name, arguments, call.substring(padded + 3).strip(), line, line));
  }

  private Optional<SystemCall> resumed(int thread, String call) {
    Begun first = begun.remove(thread);
    int at = call.indexOf(RESUMED);
    int equals = call.lastIndexOf(" = ");
    if (first == null || at < 0 || equals < 0) {
      return Optional.empty();
    }
    String result = call.substring(equals + 3).strip();
    return Optional.of(
        new SystemCall(thread, first.name(), first.arguments(), result, first.line(), line));
  }

  /** Calls that never returned as far as the trace goes. */
  List<SystemCall> open() {
    return begun.entrySet().stream()
        .map(
            each ->
                new SystemCall(
                    each.getKey(),
                    each.getValue().name(),
                    each.getValue().arguments(),
                    "?",
                    each.getValue().line(),
                    Long.MAX_VALUE))
        .toList();
  }
}
