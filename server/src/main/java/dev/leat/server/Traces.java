package dev.leat.server;

import dev.leat.event.EventStore;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Follows one in so many events from the door until it is committed, and tells where it was when as
 * a trace of OpenTelemetry. Which ones is a matter of their position alone, so a batch pays one
 * division, and an event nothing. One thread follows; if more come than it can follow, some are
 * left out, and that is logged once.
 */
final class Traces implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Traces.class.getName());

  /** Followed at once, before and after they show. */
  private static final int MOST = 256;

  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration JOIN = Duration.ofSeconds(5);
  private static final Duration EXPORT = Duration.ofSeconds(5);

  private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("leat.offset");
  private static final AttributeKey<Long> BATCH = AttributeKey.longKey("leat.batch.events");

  private final long oneIn;
  private final EventStore store;
  private final InstantSource clock;
  private final SdkTracerProvider provider;
  private final Tracer tracer;
  private final BlockingQueue<Kept> kept = new ArrayBlockingQueue<>(MOST);
  private final Deque<Followed> shown = new ArrayDeque<>(); // of the thread
  private final AtomicBoolean leftOut = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean closed;
  private volatile MeterReading.@Nullable Traced latest;

  /**
   * An event that is durable.
   *
   * @param events in its batch
   * @param durable when, by the ticker
   * @param at what the clock said then
   */
  private record Kept(long offset, int events, long accepted, long durable, Instant at) {
    Instant when(long nanos) {
      return at.plusNanos(nanos - durable);
    }
  }

  private record Followed(Kept event, Span whole, Instant shown) {}

  /** Starts at once. */
  Traces(TraceOptions options, EventStore store, InstantSource clock) {
    this.oneIn = options.oneIn();
    this.store = store;
    this.clock = clock;
    this.provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.getDefault()
                    .merge(
                        Resource.create(
                            Attributes.of(
                                AttributeKey.stringKey("service.name"),
                                "leat",
                                AttributeKey.stringKey("service.version"),
                                Main.Version.number()))))
            .addSpanProcessor(
                BatchSpanProcessor.builder(
                        OtlpHttpSpanExporter.builder()
                            .setEndpoint(options.endpoint().toString())
                            .setTimeout(EXPORT)
                            .build())
                    .build())
            .build();
    this.tracer = provider.get("dev.leat");
    this.thread = Thread.ofPlatform().daemon().name("leat-traces").start(this::run);
  }

  /** A batch is durable; any thread. */
  void kept(long firstOffset, long lastOffset, long acceptedNanos, long durableNanos) {
    long last = lastOffset - Math.floorMod(lastOffset, oneIn);
    if (last < firstOffset) {
      return;
    }
    int events = Math.toIntExact(lastOffset - firstOffset + 1);
    Kept event = new Kept(last, events, acceptedNanos, durableNanos, clock.instant());
    if (!kept.offer(event) && leftOut.compareAndSet(false, true)) {
      LOG.log(
          Level.WARNING,
          "more events are to be traced than can be followed; some are left out: trace fewer");
    }
  }

  /** The last that was followed until it showed; null before the first. */
  MeterReading.@Nullable Traced latest() {
    return latest;
  }

  private void run() {
    try {
      while (!closed) {
        Kept next = kept.poll(LOOK.toNanos(), TimeUnit.NANOSECONDS);
        if (next != null) {
          show(next);
        }
        commit();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until it shows; they do so in the order in which they came. False if all was closed
   * before.
   */
  private boolean show(Kept event) throws InterruptedException {
    while (!store.awaitVisible(event.offset() + 1, LOOK)) {
      if (closed) {
        return false;
      }
      commit();
    }
    Instant now = event.when(System.nanoTime());
    Span whole =
        tracer
            .spanBuilder("event")
            .setSpanKind(SpanKind.CONSUMER)
            .setStartTimestamp(event.when(event.accepted()))
            .setAttribute(OFFSET, event.offset())
            .setAttribute(BATCH, event.events())
            .startSpan();
    part(whole, "keep", event.when(event.accepted()), event.at());
    part(whole, "decide", event.at(), now);
    shown.add(new Followed(event, whole, now));
    latest =
        new MeterReading.Traced(
            whole.getSpanContext().getTraceId(),
            whole.getSpanContext().getSpanId(),
            Duration.between(event.when(event.accepted()), now).toNanos(),
            now.toEpochMilli());
    return true;
  }

  private void commit() {
    long committed = store.committed();
    for (Followed next = shown.peek();
        next != null && next.event().offset() < committed;
        next = shown.peek()) {
      Instant now = next.event().when(System.nanoTime());
      part(next.whole(), "commit", next.shown(), now);
      next.whole().end(now);
      shown.remove();
    }
    while (shown.size() > MOST) {
      shown.remove().whole().end(); // Commits fail; that it showed is told all the same.
    }
  }

  private void part(Span whole, String name, Instant from, Instant to) {
    tracer
        .spanBuilder(name)
        .setParent(Context.root().with(whole))
        .setStartTimestamp(from)
        .startSpan()
        .end(to);
  }

  /** Tells what is known of those under way, and ends. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(JOIN);
      if (!thread.isAlive()) {
        finish();
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    provider.shutdown().join(EXPORT.toSeconds(), TimeUnit.SECONDS);
  }

  private void finish() throws InterruptedException {
    Kept next = kept.poll();
    while (next != null && show(next)) {
      next = kept.poll();
    }
    commit();
    shown.forEach(each -> each.whole().end());
  }
}
