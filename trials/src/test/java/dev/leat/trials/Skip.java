package dev.leat.trials;

import org.junit.jupiter.api.Assumptions;

/** Passes over a trial that this machine does not allow, and says so where it is seen. */
final class Skip {
  private Skip() {}

  static void unless(boolean possible, String trial, String needs) {
    if (!possible) {
      System.err.printf("SKIPPED: %s needs %s%n", trial, needs);
    }
    Assumptions.assumeTrue(possible, needs);
  }

  static void withoutStrace(String trial) {
    unless(Strace.isAvailable(), trial, "strace, allowed to attach to a process");
  }

  static void withoutRoot(String trial) {
    unless("root".equals(System.getProperty("user.name")), trial, "root, to mount a file system");
  }
}
