package dev.leat.server;

import dev.leat.pipeline.Definition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code leat demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Start a server with a lively invented web shop, to look around.",
      "With --events it sends that many as fast as it goes and checks that all of them arrived."
    })
final class DemoCommand implements Callable<Integer> {
  private static final int REHEARSED_ORDERS = 5_000;

  @Spec private CommandSpec spec;

  @Option(names = "--events", paramLabel = "N", description = "how many to send; default: no end")
  private @Nullable Long events;

  @Option(names = "--exit", description = "end after the events instead of staying to be asked")
  private boolean exit;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "events per second on average, without --events; default ${DEFAULT-VALUE}",
      defaultValue = "500")
  private int rate = 500;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "keep the data here; default: a temporary directory, removed at the end")
  private @Nullable Path data;

  @Option(names = "--port", description = "default: 5328, or any that is free")
  private @Nullable Integer port;

  @Option(
      names = "--rehearse",
      hidden = true,
      description = "under a definition that uses everything there is: for a first start")
  private boolean rehearse;

  @Option(names = "--seed", description = "default ${DEFAULT-VALUE}", defaultValue = "20261123")
  private long seed = 20261123;

  @Override
  public Integer call() throws IOException, InterruptedException {
    check("--rate", rate);
    check("--events", events == null ? 1 : events);
    Path directory = data == null ? Files.createTempDirectory("leat-demo") : data;
    try {
      int exit = run(directory);
      if (rehearse) {
        open(directory).close(); // Once more with a past, as most starts are.
      }
      return exit;
    } finally {
      if (data == null) {
        Directories.delete(directory);
      }
    }
  }

  private int run(Path directory) throws IOException, InterruptedException {
    try (House house = open(directory);
        LeatClient client = new LeatClient(URI.create(house.url()))) {
      Signals signals = Signals.install();
      PrintWriter out = spec.commandLine().getOut();
      InstantSource clock = InstantSource.system();
      Progress progress = new Progress(spec.commandLine().getErr(), clock);
      DemoGuide guide = new DemoGuide(out, client);
      guide.welcome();
      DemoShop shop = new DemoShop(seed, HexFormat.of().toHexDigits(new SecureRandom().nextInt()));
      if (events == null) {
        new DemoStream(client, shop, clock, progress).run(rate, signals);
        return 0;
      }
      if (rehearse) {
        rehearse(client, shop, clock, progress);
        return 0;
      }
      boolean good = guide.summary(new DemoRun(client, shop, clock, progress).run(events));
      if (!exit) {
        out.println("The server stays at %s until Ctrl+C.".formatted(house.url()));
        out.flush();
        signals.await();
      }
      return good ? 0 : 1;
    }
  }

  /** Sends some of everything; what comes of it is of no matter. */
  private void rehearse(LeatClient client, DemoShop shop, InstantSource clock, Progress progress)
      throws IOException, InterruptedException {
    new DemoRun(client, shop, clock, progress).run(Objects.requireNonNull(events));
    ShopOrder orders = new ShopOrder(new SplittableRandom(seed));
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (int i = 0; i < REHEARSED_ORDERS; i++) {
      lines.writeBytes(orders.next());
    }
    byte[] body = lines.toByteArray();
    client.post(
        "/v1/events",
        "application/x-ndjson",
        body,
        body.length,
        Map.of("Prefer", "handling=lenient"),
        Duration.ofSeconds(30));
    ServerState.awaitVisible(client, Duration.ofSeconds(30));
  }

  private House open(Path directory) throws IOException {
    Definition definition = Definition.DEFAULTS.withData(directory.toString());
    if (rehearse) {
      Path file = ShopPipeline.write(directory.resolve("definition"));
      return House.open(definition.withServer(new Definition.Server("127.0.0.1", 0)), file);
    }
    Definition.Server server = definition.server();
    if (port != null) {
      return House.open(definition.withServer(new Definition.Server(server.host(), port)));
    }
    int free = House.isFree(server) ? server.port() : 0;
    return House.open(definition.withServer(new Definition.Server(server.host(), free)));
  }

  private void check(String name, long value) {
    if (value < 1) {
      throw new ParameterException(
          spec.commandLine(), "%s must be at least 1, not %d".formatted(name, value));
    }
  }
}
