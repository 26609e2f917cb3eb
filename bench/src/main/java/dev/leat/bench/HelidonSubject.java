package dev.leat.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The web server that Leat's front door is built on, answering 202 and doing nothing. */
final class HelidonSubject implements OnlyAcknowledging {
  private final Path home;
  private @Nullable Daemon server;
  private URI url = URI.create("http://127.0.0.1");

  HelidonSubject(Path home) {
    this.home = home;
  }

  @Override
  public void start(Path directory) throws IOException, InterruptedException {
    server =
        Daemon.start(
            "helidon",
            directory,
            Daemon.java(
                List.of("-Xms256m", "-Xmx1536m"),
                Jars.of(home, "helidon"),
                "dev.leat.bench.helidon.Answering",
                List.of()));
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
