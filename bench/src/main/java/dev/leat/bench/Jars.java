package dev.leat.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the build has put the jars of the peers. */
final class Jars {
  private Jars() {}

  /** The class path of a peer: its own code, if it has some, and all it needs. */
  static String of(Path home, String peer) {
    return classPath(home.resolve("bench/peers").resolve(peer), "leat-bench-" + peer + ".jar");
  }

  /** The class path of the generator, which has all of Leat in it. */
  static String own(Path home) {
    return classPath(home.resolve("bench"), "leat-bench.jar");
  }

  private static String classPath(Path module, String jar) {
    Path target = module.resolve("target");
    return target.resolve(jar) + File.pathSeparator + target.resolve("lib") + File.separator + "*";
  }

  /** The one jar of a library that the generator has too. */
  static String single(Path home, String name) throws IOException {
    try (Stream<Path> jars = Files.list(home.resolve("bench/target/lib"))) {
      return jars.filter(jar -> jar.getFileName().toString().matches(name + "-[0-9.]+\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException("no jar of " + name))
          .toString();
    }
  }
}
