package dev.leat.server;

import dev.leat.pipeline.Definition;
import java.io.PrintWriter;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code leat serve}: runs until it is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description =
        "Run the server. Without a definition file every event goes to the stream `events`.",
    footer = {
      "",
      "SIGTERM or Ctrl+C stops in order: requests under way are answered, what was accepted is stored,",
      "then the process ends with 0. A second signal ends it at once; nothing that was accepted is lost."
    })
final class ServeCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("leat");
  private static final Duration KNOCK_EVERY = Duration.ofSeconds(5);
  private static final String SHUT = "the door is shut";

  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Option(names = "--config", paramLabel = "FILE", description = "the definition, in YAML")
  private @Nullable Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "where everything durable lives; default ./data")
  private @Nullable String data;

  @Option(names = "--host", description = "address to listen on; default 127.0.0.1")
  private @Nullable String host;

  @Option(names = "--port", description = "port to listen on, 0 for any; default 5328")
  private @Nullable Integer port;

  @Option(
      names = "--trace-to",
      paramLabel = "URL",
      description =
          "where traces of events go: a receiver of OTLP over HTTP, as http://127.0.0.1:4318; default nowhere")
  private @Nullable URI traceTo;

  @Option(
      names = "--trace-one-in",
      paramLabel = "N",
      description = "how many events have one traced; default ${DEFAULT-VALUE}",
      defaultValue = "10000")
  private long traceOneIn = 10_000;

  @Override
  public Integer call() throws InterruptedException {
    Definition definition = effective();
    LOG.log(Level.INFO, "version {0}, settings: {1}", Main.Version.number(), oneLine(definition));
    TraceOptions traced = traceTo == null ? null : new TraceOptions(traceTo, traceOneIn);
    String signal;
    try (House house = House.open(definition, config, main.machine(), traced)) {
      Signals signals = Signals.install();
      greet(house);
      try (DoorWatch _ = DoorWatch.start(house.door(), KNOCK_EVERY, () -> signals.stop(SHUT))) {
        signal = signals.await();
      }
      LOG.log(Level.INFO, "{0}: stopping; what was accepted is being stored", signal);
    }
    LOG.log(Level.INFO, "stopped");
    return signal.equals(SHUT) ? 1 : 0;
  }

  private Definition effective() {
    Definition definition = DefinitionFile.read(config);
    Definition.Server server = definition.server();
    try {
      Definition.Server wanted =
          new Definition.Server(
              host == null ? server.host() : host, port == null ? server.port() : port);
      return definition.withServer(wanted).withData(data == null ? definition.data() : data);
    } catch (IllegalArgumentException wrong) {
      throw new CommandFailure(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private static String oneLine(Definition definition) {
    return definition
        .toYaml()
        .lines()
        .map(String::strip)
        .collect(Collectors.joining(", "))
        .replace(":,", ":");
  }

  private void greet(House house) {
    LOG.log(
        Level.INFO,
        "listening on {0}; events {1} to {2} are in the log",
        house.url(),
        Long.toString(house.log().firstOffset()),
        Long.toString(house.log().nextOffset()));
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        """
        Leat is running at %1$s

        Send an event:
          curl %1$s/v1/events -H 'Content-Type: application/json' \\
            -d '{"specversion":"1.0","id":"1","source":"/me","type":"hello","data":{"answer":42}}'
        Ask for it:
          curl %1$s/v1/sql -H 'Content-Type: text/plain' -d 'SELECT id, type, data FROM events'

        """,
        house.url());
    out.flush();
  }
}
