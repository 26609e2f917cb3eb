package dev.leat.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The web server of Leat's front door, with little or nothing behind it. */
final class DoorSubject implements OnlyAcknowledging {
  private static final List<String> MEMORY = List.of("-Xms256m", "-Xmx1536m");

  private final String classPath;
  private final String main;
  private @Nullable Daemon server;
  private URI url = URI.create("http://127.0.0.1");

  /**
   * @param main is told an empty directory and says at which port it listens
   */
  private DoorSubject(String classPath, String main) {
    this.classPath = classPath;
    this.main = main;
  }

  /** Answering 202 and doing nothing. */
  static DoorSubject answering(Path home) {
    return new DoorSubject(Jars.of(home, "helidon"), "dev.leat.bench.helidon.Answering");
  }

  /** Answering when Leat's log has kept the request. */
  static DoorSubject keeping(Path home) {
    return new DoorSubject(Jars.own(home), LogDoor.class.getName());
  }

  @Override
  public void start(Path directory) throws IOException, InterruptedException {
    server =
        Daemon.start(
            "door",
            directory,
            Daemon.java(MEMORY, classPath, main, List.of(directory.resolve("data").toString())));
    url = URI.create("http://127.0.0.1:" + server.awaitLine("Listening at "));
  }

  @Override
  public Sink sink(boolean paced) throws IOException {
    return new WireSink(url);
  }

  @Override
  public List<Daemon> daemons() {
    return server == null ? List.of() : List.of(server);
  }
}
