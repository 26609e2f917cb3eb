package dev.leat.trials;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How programs of this class path are started in a process of their own. Any thread. */
final class Jvm {
  private Jvm() {}

  /** A command of the Java that runs this, to which a main class and its arguments are added. */
  static List<String> command(List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Duser.timezone=UTC",
            "-cp",
            System.getProperty("java.class.path")));
    return command;
  }
}
