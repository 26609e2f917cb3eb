package dev.leat.server;

import dev.leat.alert.Alert;
import dev.leat.alert.Notice;
import dev.leat.alert.Severity;
import dev.leat.pipeline.Alerting.Protocol;
import dev.leat.pipeline.Alerting.Target;
import dev.leat.server.DeliveryLog.Entry;
import dev.leat.server.DeliveryLog.Outcome;
import dev.leat.server.Outbox.Parcel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Brings to one target what it is to be told: a thread of its own, one attempt at a time, with
 * back-off, jitter and a circuit breaker. A target that hangs or is gone holds up nobody else.
 */
final class Courier implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Courier.class.getName());
  private static final Duration JOIN = Duration.ofSeconds(5);
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_EARLY = 425;
  private static final int TOO_MANY_REQUESTS = 429;

  /**
   * How patient it is.
   *
   * @param look how often it looks whether something is due
   */
  record Patience(
      Duration connect,
      Duration answer,
      Duration first,
      Duration longest,
      Duration pause,
      Duration longestPause,
      Duration look) {
    static final Patience DEFAULT =
        new Patience(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofSeconds(1));
  }

  private final Target target;
  private final Outbox outbox;
  private final DeliveryLog log;
  private final InstantSource clock;
  private final Patience patience;
  private final HttpClient http;
  private final URI address;
  private final Breaker breaker; // guarded by itself
  private final Thread thread;
  private final Semaphore news = new Semaphore(0);
  private volatile boolean closed;

  /**
   * Starts at once.
   *
   * @param url where people find Leat
   */
  Courier(
      Target target,
      String url,
      DeliveryLog log,
      InstantSource clock,
      RandomGenerator chance,
      Patience patience) {
    this.target = target;
    this.log = log;
    this.clock = clock;
    this.patience = patience;
    Severity least = Severity.valueOf(target.least().name());
    boolean manager = target.protocol() == Protocol.ALERTMANAGER;
    outbox =
        manager ? new AlertmanagerOutbox(least, url) : new WebhookOutbox(least, target.perHour());
    address =
        URI.create(manager ? target.url().replaceAll("/+$", "") + "/api/v2/alerts" : target.url());
    Backoff backoff = new Backoff(patience.first(), patience.longest(), chance);
    breaker = new Breaker(backoff, patience.pause(), patience.longestPause());
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(patience.connect())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    thread = Thread.ofPlatform().daemon().name("leat-courier").start(this::run);
  }

  Target target() {
    return target;
  }

  /** Whether it has stopped trying but for an attempt now and then. */
  boolean isCircuitOpen() {
    synchronized (breaker) {
      return breaker.isOpen();
    }
  }

  int waiting() {
    return outbox.waiting();
  }

  /** Hands over what happened, and all that is open. */
  void tell(List<Notice> notices, List<Alert> open) {
    Instant now = clock.instant();
    for (String thrown : outbox.put(notices, open, now)) {
      log.add(new Entry(now, target.url(), thrown, 0, Outcome.DROPPED, "never sent", 0));
    }
    if (!notices.isEmpty()) {
      news.release();
    }
  }

  private void run() {
    try {
      while (!isClosedWithin(patience.look())) {
        Parcel parcel = due();
        while (parcel != null) {
          send(parcel);
          parcel = due();
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error defect) {
      LOG.log(Level.ERROR, "nothing is sent to {0} any more", target.url(), defect);
      throw defect;
    }
  }

  private @Nullable Parcel due() {
    Instant now = clock.instant();
    synchronized (breaker) {
      return closed || now.isBefore(breaker.next()) ? null : outbox.next(now);
    }
  }

  private void send(Parcel parcel) throws InterruptedException {
    Instant began = clock.instant();
    int attempt;
    synchronized (breaker) {
      attempt = breaker.attempt();
    }
    Outcome outcome;
    String detail;
    try {
      int status = post(parcel);
      detail = "status " + status;
      outcome = outcome(status);
    } catch (IOException failed) {
      detail = failed.getClass().getSimpleName() + ": " + failed.getMessage();
      outcome = Outcome.FAILED;
    }
    Instant ended = clock.instant();
    long millis = Duration.between(began, ended).toMillis();
    log.add(new Entry(began, target.url(), parcel.what(), attempt, outcome, detail, millis));
    synchronized (breaker) {
      if (outcome == Outcome.FAILED) {
        breaker.failed(ended);
      } else {
        breaker.succeeded();
        outbox.done(ended);
      }
    }
    if (outcome == Outcome.FAILED) {
      outbox.failed();
    }
  }

  /** Only the status is read: what else somebody answers may be endless. */
  private int post(Parcel parcel) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(patience.answer())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(parcel.body()))
            .build();
    HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
    try (InputStream _ = response.body()) {
      return response.statusCode();
    }
  }

  private static Outcome outcome(int status) {
    if (status >= 200 && status < 300) {
      return Outcome.SENT;
    }
    boolean again =
        status >= 500
            || status == REQUEST_TIMEOUT
            || status == TOO_EARLY
            || status == TOO_MANY_REQUESTS;
    return again ? Outcome.FAILED : Outcome.REFUSED;
  }

  private boolean isClosedWithin(Duration time) throws InterruptedException {
    if (news.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
      news.drainPermits();
    }
    return closed;
  }

  /** What was not sent yet is not sent any more. */
  @Override
  public void close() {
    closed = true;
    news.release();
    thread.interrupt();
    try {
      thread.join(JOIN);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
  }
}
