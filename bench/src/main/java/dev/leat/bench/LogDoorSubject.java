package dev.leat.bench;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leat's log alone, behind the web server. */
final class LogDoorSubject implements OnlyAcknowledging {
  private final Path home;
  private @Nullable Daemon server;
  private URI url = URI.create("http://127.0.0.1");

  LogDoorSubject(Path home) {
    this.home = home;
  }

  @Override
  public void start(Path directory) throws IOException, InterruptedException {
    Path target = home.resolve("bench/target");
    String classPath =
        target.resolve("leat-bench.jar") + File.pathSeparator + target.resolve("lib/*");
    server =
        Daemon.start(
            "log",
            directory,
            Daemon.java(
                List.of("-Xms256m", "-Xmx1536m"),
                classPath,
                LogDoor.class.getName(),
                List.of(directory.resolve("data").toString())));
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

  @Override
  public void close() {
    daemons().forEach(Daemon::close);
  }
}
