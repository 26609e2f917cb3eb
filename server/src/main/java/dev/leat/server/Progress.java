package dev.leat.server;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * One line that is written over and over where a person watches, and a line every few seconds
 * elsewhere. Safe for any thread.
 */
final class Progress {
  private static final Duration ON_TERMINAL = Duration.ofMillis(200);
  private static final Duration ELSEWHERE = Duration.ofSeconds(10);
  private static final int BAR = 24;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter err;
  private final InstantSource clock;
  private final boolean terminal;
  private Instant next; // guarded by this
  private boolean shown; // guarded by this

  Progress(PrintWriter err, InstantSource clock) {
    this(err, clock, isTerminal());
  }

  Progress(PrintWriter err, InstantSource clock, boolean terminal) {
    this.err = err;
    this.clock = clock;
    this.terminal = terminal;
    next = clock.instant().plus(terminal ? ON_TERMINAL : ELSEWHERE);
  }

  @SuppressWarnings("SystemConsoleNull") // from JDK 25 on it is null again where nobody watches
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Whether it is time to show something again; cheap enough to be asked per batch. */
  synchronized boolean isDue() {
    return !clock.instant().isBefore(next);
  }

  /** Shows where things stand; a negative fraction is one that nobody knows. */
  synchronized void show(double fraction, String text) {
    next = clock.instant().plus(terminal ? ON_TERMINAL : ELSEWHERE);
    if (terminal) {
      err.print(CLEAR_LINE + (fraction < 0 ? "" : bar(Math.min(1, fraction)) + " ") + text);
      shown = true;
    } else {
      err.println(fraction < 0 ? text : "%3d %%  %s".formatted(Math.round(fraction * 100), text));
    }
    err.flush();
  }

  /** Says something that stays. */
  synchronized void say(String text) {
    clear();
    err.println(text);
    err.flush();
  }

  /** Removes the line. */
  synchronized void clear() {
    if (shown) {
      err.print(CLEAR_LINE);
      err.flush();
      shown = false;
    }
  }

  private static String bar(double fraction) {
    int full = (int) Math.round(fraction * BAR);
    return "█".repeat(full)
        + "░".repeat(BAR - full)
        + " %3d %%".formatted(Math.round(fraction * 100));
  }
}
