package dev.leat.server;

import dev.leat.collector.Collector;
import dev.leat.collector.CollectorOptions;
import dev.leat.collector.EventsEndpoint;
import dev.leat.engine.Engine;
import dev.leat.event.Alongside;
import dev.leat.event.Disk;
import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import dev.leat.event.OsDisk;
import dev.leat.event.Threads;
import dev.leat.log.LogOptions;
import dev.leat.log.SegmentedLog;
import dev.leat.pipeline.Definition;
import dev.leat.query.Dashboard;
import dev.leat.query.LiveFeed;
import dev.leat.query.QueryLimits;
import dev.leat.query.QueryService;
import dev.leat.store.DuckStore;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The rooms, wired: opened in the order in which an event travels, closed in reverse. Real time and
 * chance are made here and nowhere else. One thread opens and closes; {@link #url} any.
 */
final class House implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(House.class.getName());

  /** What a stop waits for: requests under way, then rows on their way. */
  private static final Duration FINISH_REQUESTS = Duration.ofSeconds(15);

  private static final Duration DRAIN = Duration.ofSeconds(60);

  private final Deque<AutoCloseable> rooms;
  private final EventLog log;
  private final EventStore store;
  private final Engine engine;
  private final Health health;
  private final Doorman doorman;
  private final LiveFeed feed;
  private final MetersEndpoint meters;
  private final WebServer web;
  private final String host;
  private boolean closed;

  private House(Builder built, WebServer web, String host) {
    this.rooms = built.rooms;
    this.log = built.log;
    this.store = built.store;
    this.engine = built.engine;
    this.health = built.health;
    this.doorman = built.doorman;
    this.feed = built.feed;
    this.meters = built.meters;
    this.web = web;
    this.host = host;
  }

  /**
   * Opens everything in the definition's data directory and listens.
   *
   * @throws CommandFailure saying in one sentence what stands in the way
   */
  static House open(Definition definition) {
    return open(definition, null);
  }

  /**
   * The same, under the definition in a file, which is watched from then on.
   *
   * @param definition as the file says, but for what the command line says otherwise
   */
  static House open(Definition definition, @Nullable Path file) {
    return open(definition, file, Machine.real());
  }

  /** The same on a machine that a trial made. */
  static House open(Definition definition, @Nullable Path file, Machine machine) {
    return open(definition, file, machine, null);
  }

  /**
   * The same with some events traced.
   *
   * @param traced which ones, and where to; null for none
   */
  static House open(
      Definition definition, @Nullable Path file, Machine machine, @Nullable TraceOptions traced) {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      tryAddress(definition.server());
      Builder builder = new Builder(definition, file, machine, traced, opened);
      House house = new House(builder, builder.listen(), definition.server().host());
      builder.desk.start(house.url());
      return house;
    } catch (IOException failed) {
      closeAll(opened);
      throw new CommandFailure("can't start: " + failed.getMessage(), failed);
    } catch (RuntimeException failed) {
      closeAll(opened);
      throw failed;
    } catch (InterruptedException hurried) {
      closeAll(opened);
      Thread.currentThread().interrupt();
      throw new CommandFailure("starting was interrupted", hurried);
    }
  }

  /** Whether somebody could listen there now. */
  static boolean isFree(Definition.Server server) {
    try {
      tryAddress(server);
      return true;
    } catch (IOException | CommandFailure taken) {
      return false;
    }
  }

  /**
   * The web server does not say why it can't listen, so that is found out before, and before
   * anything is opened.
   */
  private static void tryAddress(Definition.Server server) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(server.host(), server.port()));
    } catch (SocketException | UnresolvedAddressException taken) {
      throw new CommandFailure(
          "can't listen on %s:%d (%s): stop what uses it, or choose another with --port; 0 takes any that is free"
              .formatted(server.host(), server.port(), taken.getMessage()),
          taken);
    }
  }

  int port() {
    return web.port();
  }

  String url() {
    return "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port());
  }

  /** Where it can be reached from this machine. */
  InetSocketAddress door() {
    InetSocketAddress listening = new InetSocketAddress(host, port());
    return listening.getAddress().isAnyLocalAddress()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port())
        : listening;
  }

  EventLog log() {
    return log;
  }

  EventStore store() {
    return store;
  }

  MetersEndpoint meters() {
    return meters;
  }

  /**
   * Stops in order: nobody new comes in, requests under way are answered, everything kept becomes
   * rows and is committed, then the rooms close. Whatever does not succeed in time is not lost: the
   * next start finds it in the log.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    health.stopping();
    feed.close(); // Those who look on would stay inside for ever.
    try {
      if (!doorman.closeAndWait(FINISH_REQUESTS)) {
        LOG.log(Level.WARNING, "some requests did not finish in {0}", FINISH_REQUESTS);
      }
      web.stop();
      if (!engine.drain(DRAIN)) {
        LOG.log(
            Level.WARNING,
            "{0} events are not stored yet; the next start takes them from the log",
            Long.toString(log.nextOffset() - store.visibleOffset()));
      }
    } catch (InterruptedException hurried) {
      LOG.log(Level.WARNING, "stopping was interrupted; the next start goes on from the log");
      Thread.currentThread().interrupt();
    } finally {
      closeAll(rooms);
    }
  }

  private static void closeAll(Deque<AutoCloseable> rooms) {
    while (!rooms.isEmpty()) {
      AutoCloseable room = rooms.pop();
      try {
        room.close();
      } catch (Exception failed) {
        // The rooms behind it must close all the same.
        LOG.log(Level.ERROR, "closing " + room.getClass().getSimpleName() + " failed", failed);
      }
    }
  }

  /**
   * Opens one room after the other, so that what is open can be closed if the next one fails.
   * DuckDB, and what the web server needs, load meanwhile.
   */
  private static final class Builder {
    private static final Duration WEB_GRACE = Duration.ofMillis(500);

    /** A connection that says nothing for so long is closed: silence holds no thread. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final Definition definition;
    private final Alongside<WebServerConfig.Builder> prepared;
    private final Definitions definitions;
    private final Deque<AutoCloseable> rooms;
    private final InstantSource clock;
    private final EventLog log;
    private final DuckStore store;
    private final Engine engine;
    private final Health health;
    private final Doorman doorman = new Doorman();
    private final LiveFeed feed = new LiveFeed();
    private final RequestTimes times = new RequestTimes();
    private final MetersEndpoint meters;
    private final Collector collector;
    private final AlertDesk desk;

    Builder(
        Definition definition,
        @Nullable Path file,
        Machine machine,
        @Nullable TraceOptions traced,
        Deque<AutoCloseable> rooms)
        throws IOException, InterruptedException {
      this.definition = definition;
      this.rooms = rooms;
      this.clock = machine.clock();
      // Takes a tenth of a second at the first time, and needs no room.
      this.prepared =
          Alongside.begin(Threads.real(), "leat-web-start", () -> webServer(definition.server()));
      OsDisk real = new OsDisk(Path.of(definition.data()));
      Disk disk = machine.disk().apply(real);
      Machine.Sizes sizes = machine.sizes().apply(definition.log().partitions());
      Path tables = real.root().resolve("store");
      Disk tableDisk = machine.disk().apply(new OsDisk(tables));
      store = opened(DuckStore.open(tables, tableDisk, sizes.store(), clock));
      // Now that the directory is ours.
      definitions = Definitions.read(file, real.root(), clock);
      // The tables come first: a log that lost its end must not give their offsets again.
      definitions.check(store);
      LogOptions kept = sizes.log().apply(logOptions(definition.log()));
      log = opened(SegmentedLog.open(disk, kept, clock, store.committed()));
      LOG.log(
          Level.INFO,
          "the tables end at {0}; {1} events of the log are decided on again",
          Long.toString(store.committed()),
          Long.toString(log.nextOffset() - store.committed()));
      SecureRandom random = new SecureRandom();
      Engine.Rooms between = new Engine.Rooms(log, store, disk, definitions.plans());
      engine = opened(Engine.start(between, definitions.encoded(), sizes.engine(), clock, random));
      opened(definitions);
      store.provide(engine.metricTables());
      definitions.keepViews(store, log.nextOffset());
      definitions.watch(engine, store);
      Traces traces = traced == null ? null : opened(new Traces(traced, store, clock));
      MeasuredLog measured = new MeasuredLog(log, traces);
      collector =
          new Collector(
              measured,
              CollectorOptions.defaults(),
              clock,
              definitions::keys,
              engine::shortage,
              random.nextLong());
      health = new Health(log, store, engine, definitions, clock);
      store.awaitEngine();
      Sampler sampler = new Sampler(measured, collector, store, engine, clock, real.root());
      Pulse pulse = opened(new Pulse(measured, store, sampler::sample, feed));
      MeterSource source =
          new MeterSource(
              new MeterSource.Rooms(measured, collector, store, engine),
              pulse,
              traces,
              times,
              health,
              definitions,
              clock.instant(),
              real.root());
      meters = opened(new MetersEndpoint(source));
      desk =
          opened(
              AlertDesk.open(
                  new AlertDesk.Ground(
                      definitions::latest,
                      new HouseSignals(collector, log, store, engine, real.root()),
                      engine.metrics(),
                      disk,
                      clock,
                      random,
                      Courier.Patience.DEFAULT)));
    }

    private static LogOptions logOptions(Definition.Log wanted) {
      return LogOptions.defaults()
          .withRetention(wanted.retention())
          .withRetentionBytes(wanted.budgetBytes());
    }

    private <T extends AutoCloseable> T opened(T room) {
      rooms.push(room);
      return room;
    }

    private static WebServerConfig.Builder webServer(Definition.Server server) {
      return WebServer.builder()
          .host(server.host())
          .port(server.port())
          // The command decides when to stop, in the right order.
          .shutdownHook(false)
          .shutdownGracePeriod(WEB_GRACE)
          .maxTcpConnections(FileHandles.forConnections())
          .contentEncoding(EventsEndpoint.bodiesAsSent())
          .connectionOptions(connection -> connection.readTimeout(SILENCE));
    }

    WebServer listen() throws IOException {
      QueryService query =
          new QueryService(
              store, engine, engine.metrics(), log::nextOffset, QueryLimits.defaults(), clock);
      WebServer web =
          prepared
              .take()
              .routing(
                  routing ->
                      routing
                          .addFilter(doorman)
                          .addFilter(times)
                          .register(new EventsEndpoint(collector))
                          .register(query)
                          .register(new Dashboard(feed))
                          .register(new CheckpointsEndpoint(store))
                          .register(new DefinitionEndpoint(definitions, engine))
                          .register(new AlertsEndpoint(desk, clock))
                          .register(health)
                          .register(meters)
                          .any(NotFound::answer))
              .build();
      web.start();
      if (!web.isRunning()) {
        Definition.Server server = definition.server();
        throw new CommandFailure("can't listen on %s:%d".formatted(server.host(), server.port()));
      }
      return web;
    }
  }
}
