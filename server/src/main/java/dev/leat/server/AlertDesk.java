package dev.leat.server;

import dev.leat.alert.Alert;
import dev.leat.alert.AlertBook;
import dev.leat.alert.Calendar;
import dev.leat.alert.Finding;
import dev.leat.alert.Notice;
import dev.leat.event.Disk;
import dev.leat.event.Metrics;
import dev.leat.pipeline.AlertSpec;
import dev.leat.pipeline.AlertSpec.Signal;
import dev.leat.pipeline.Alerting;
import dev.leat.pipeline.Alerting.Stretch;
import dev.leat.pipeline.Definition;
import dev.leat.pipeline.MetricSpec;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Looks every few seconds at all that somebody wants to be told of, keeps the incidents, and has
 * couriers tell of them. A thread of its own does all of it; any thread may ask for the {@link
 * #snapshot} and use the {@link #silences}.
 */
final class AlertDesk implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AlertDesk.class.getName());
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration JOIN = Duration.ofSeconds(10);
  private static final long MINUTE_SECONDS = 60;

  /** No name of an alert has a space. */
  private static final String HISTORY = "the history of signals";

  /** What a bound finds only after its minimum duration is not over because of a restart. */
  private static final Duration GRACE = Duration.ofMinutes(2);

  /**
   * What the desk stands on.
   *
   * @param definition the one in force, whenever it is asked
   * @param disk of the data directory
   */
  record Ground(
      Supplier<Definition> definition,
      HouseSignals signals,
      Metrics metrics,
      Disk disk,
      InstantSource clock,
      RandomGenerator chance,
      Courier.Patience patience) {}

  /**
   * What there is, at one moment. Immutable.
   *
   * @param nextAlert the first number that no alert has
   * @param problems what can't be watched, and why
   */
  record Snapshot(
      Instant at, List<Alert> open, List<Alert> recent, long nextAlert, List<String> problems) {
    Snapshot {
      open = List.copyOf(open);
      recent = List.copyOf(recent);
      problems = List.copyOf(problems);
    }
  }

  private final Ground ground;
  private final AlertBook book = new AlertBook();
  private final Silences silences = new Silences();
  private final DeliveryLog log = new DeliveryLog();
  private final AlertState state;
  private final SignalHistory history;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, String> problems = new LinkedHashMap<>();
  private final Map<Finding.Series, Instant> restored = new HashMap<>();
  private volatile Snapshot snapshot;
  private volatile List<Courier> couriers = List.of();
  private volatile String url = "";

  private Alerting alerting = Alerting.NONE;
  private List<MetricSpec> metrics = List.of();
  private List<Watch> watches = List.of();
  private boolean planned;
  private boolean changed;
  private long minute;

  /** Whether a minute ended since the start: the first one is not whole. */
  private boolean turned;

  private long accepted;
  private final Thread thread =
      Thread.ofPlatform().daemon().name("leat-alerts").unstarted(this::run);

  private AlertDesk(Ground ground, AlertState state, SignalHistory history) {
    this.ground = ground;
    this.state = state;
    this.history = history;
    snapshot = new Snapshot(ground.clock().instant(), List.of(), List.of(), 1, List.of());
  }

  /** Opens what is kept. Nothing is looked at before {@link #start}. */
  static AlertDesk open(Ground ground) throws IOException {
    SignalHistory history = SignalHistory.open(ground.disk());
    AlertDesk desk = new AlertDesk(ground, new AlertState(ground.disk()), history);
    AlertState.Kept kept = desk.state.read();
    desk.book.restore(kept.open(), kept.nextAlert());
    desk.silences.restore(kept.silences(), kept.nextSilence());
    Instant now = ground.clock().instant();
    desk.minute = now.getEpochSecond() / MINUTE_SECONDS;
    kept.open().forEach(alert -> desk.restored.put(alert.finding().series(), now.plus(GRACE)));
    desk.snapshot = new Snapshot(now, kept.open(), List.of(), kept.nextAlert(), List.of());
    return desk;
  }

  /**
   * Begins to look.
   *
   * @param where people find Leat
   */
  void start(String where) {
    url = where;
    accepted = ground.signals().accepted();
    thread.start();
  }

  Snapshot snapshot() {
    return snapshot;
  }

  Silences silences() {
    return silences;
  }

  DeliveryLog log() {
    return log;
  }

  List<Courier> couriers() {
    return couriers;
  }

  private void run() {
    try {
      do {
        try {
          look(ground.clock().instant());
          forgive("");
        } catch (IOException | RuntimeException failed) {
          complain("", failed);
        }
      } while (!closed.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Instant now) throws IOException, InterruptedException {
    plan(now);
    Watch.Now moment = measure(now);
    List<Finding> findings = new ArrayList<>();
    Set<Finding.Series> unsure = unsure(now);
    for (Watch watch : watches) {
      try {
        findings.addAll(watch.look(moment));
        complainOf(watch);
      } catch (IOException | RuntimeException failed) {
        // The others are watched all the same, and what it found before stays.
        complain(watch.name(), failed);
        book.open().stream()
            .map(alert -> alert.finding().series())
            .filter(series -> series.alert().equals(watch.name()))
            .forEach(unsure::add);
      }
    }
    findings.forEach(finding -> unsure.remove(finding.series()));
    silences.turn(now);
    List<Alert> before = book.open();
    List<Notice> notices = book.turn(now, findings, unsure, silences::holds);
    notices.forEach(AlertDesk::say);
    List<Alert> open = book.open();
    changed |= !notices.isEmpty() || before.size() != open.size() || silences.takeChanged();
    snapshot =
        new Snapshot(now, open, book.recent(), book.nextId(), List.copyOf(problems.values()));
    // First told, then kept: after a crash in between it is told once more, and never not at all.
    couriers.forEach(courier -> courier.tell(notices, open));
    if (changed) {
      keep(); // What can't be kept is tried again with the next look.
      changed = false;
    }
  }

  /** Keeps incidents and silences as they are now; durable when this returns. Any thread. */
  void keep() throws IOException {
    synchronized (state) {
      Snapshot now = snapshot;
      state.write(
          new AlertState.Kept(now.open(), now.nextAlert(), silences.all(), silences.nextId()));
    }
  }

  /** Series that were open before the start, and may not have been found again yet. */
  private Set<Finding.Series> unsure(Instant now) {
    restored.values().removeIf(until -> !now.isBefore(until));
    return new HashSet<>(restored.keySet());
  }

  private static void say(Notice notice) {
    Level level = notice.change() == Notice.Change.FIRING ? Level.WARNING : Level.INFO;
    for (Alert alert : notice.alerts()) {
      LOG.log(
          level,
          "alert {0} ({1}) {2}: {3}",
          alert.finding().alert(),
          alert.severity().word(),
          alert.isOpen() ? "is open" : "has ended",
          alert.finding().words());
    }
  }

  /** The signals now, and those of the minute that ended since the last look, if one did. */
  private Watch.Now measure(Instant now) {
    Map<Signal, Double> values = ground.signals().read(now);
    long current = now.getEpochSecond() / MINUTE_SECONDS;
    if (current <= minute) {
      return new Watch.Now(now, values, -1, Map.of());
    }
    long total = ground.signals().accepted();
    Map<Signal, Double> counted = SignalHistory.nothing();
    counted.putAll(values);
    // A minute that was not seen from beginning to end was not measured.
    boolean whole = turned && current == minute + 1;
    turned = true;
    if (whole) {
      counted.put(Signal.INGEST, (double) Math.max(0, total - accepted));
    }
    accepted = total;
    minute = current;
    try {
      history.keep(current - 1, counted);
      forgive(HISTORY);
    } catch (IOException failed) {
      complain(HISTORY, failed); // A minute of experience less; the watches see it all the same.
    }
    return new Watch.Now(now, values, current - 1, counted);
  }

  /** Watches what the definition in force asks for. */
  private void plan(Instant now) throws IOException {
    Definition definition = ground.definition().get();
    if (planned && definition.alerting().equals(alerting) && definition.metrics().equals(metrics)) {
      return;
    }
    List<Watch> next = new ArrayList<>();
    for (AlertSpec spec : BuiltInAlerts.with(definition.alerting().alerts())) {
      Signal signal = spec.signal();
      if (signal != null) {
        next.add(SignalWatch.of(spec, signal, history, now.getEpochSecond() / MINUTE_SECONDS));
      } else {
        definition.metrics().stream()
            .filter(metric -> metric.name().equals(spec.metric()))
            .findFirst()
            .ifPresent(metric -> next.add(new MetricWatch(spec, metric, ground.metrics())));
      }
      Instant until = now.plus(GRACE).plus(spec.lasting());
      restored.replaceAll(
          (series, before) ->
              series.alert().equals(spec.name()) && before.isBefore(until) ? until : before);
    }
    if (!planned || !definition.alerting().targets().equals(alerting.targets())) {
      hire(definition.alerting().targets());
    }
    silences.maintain(calendar(definition.alerting()));
    problems.keySet().retainAll(Set.of("", HISTORY));
    watches = next;
    alerting = definition.alerting();
    metrics = definition.metrics();
    planned = true;
  }

  private void hire(List<Alerting.Target> targets) {
    List<Courier> before = couriers;
    List<Courier> next = new ArrayList<>();
    for (Alerting.Target target : targets) {
      Courier same =
          before.stream().filter(one -> one.target().equals(target)).findFirst().orElse(null);
      next.add(
          same != null
              ? same
              : new Courier(target, url, log, ground.clock(), ground.chance(), ground.patience()));
    }
    couriers = List.copyOf(next);
    before.stream().filter(one -> !next.contains(one)).forEach(Courier::close);
  }

  private static Calendar calendar(Alerting alerting) {
    return new Calendar(
        alerting.maintenance().stream()
            .map(window -> new Calendar.Window(time(window.stretch()), window.alerts()))
            .toList());
  }

  private static Calendar.Time time(Stretch stretch) {
    return switch (stretch) {
      case Stretch.Once once -> new Calendar.Time.Once(once.from(), once.to());
      case Stretch.Repeated repeated ->
          new Calendar.Time.Repeated(repeated.day(), repeated.at(), repeated.length());
    };
  }

  /** Says once that something is not watched. */
  private void complain(String watch, Exception failed) {
    String what = watch.isEmpty() ? "alerts are not looked after" : watch + " is not watched";
    String problem = what + ": " + failed;
    if (!problem.equals(problems.put(watch, problem))) {
      LOG.log(Level.WARNING, what, failed);
    }
  }

  private void complainOf(Watch watch) {
    String blind = watch.blindSpot();
    if (blind.isEmpty()) {
      forgive(watch.name());
    } else if (!blind.equals(problems.put(watch.name(), blind))) {
      LOG.log(Level.WARNING, blind);
    }
  }

  private void forgive(String watch) {
    problems.remove(watch);
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    try {
      thread.join(JOIN);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    couriers.forEach(Courier::close);
    history.close();
  }
}
