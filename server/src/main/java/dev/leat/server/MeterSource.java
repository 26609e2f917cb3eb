package dev.leat.server;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.leat.collector.Collector;
import dev.leat.engine.Engine;
import dev.leat.event.EventStore;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the rooms count anyway, when somebody asks: between two scrapes it costs nothing. Any
 * thread.
 */
final class MeterSource {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  private final Rooms rooms;
  private final Pulse pulse;
  private final @Nullable Traces traces;
  private final RequestTimes times;
  private final Health health;
  private final Definitions definitions;
  private final Path data;
  private final Instant opened;

  /** What an event travels through. */
  record Rooms(MeasuredLog log, Collector collector, EventStore store, Engine engine) {}

  MeterSource(
      Rooms rooms,
      Pulse pulse,
      @Nullable Traces traces,
      RequestTimes times,
      Health health,
      Definitions definitions,
      Instant opened,
      Path data) {
    this.rooms = rooms;
    this.pulse = pulse;
    this.traces = traces;
    this.times = times;
    this.health = health;
    this.definitions = definitions;
    this.data = data;
    this.opened = opened;
  }

  MeterReading read() {
    Engine engine = rooms.engine();
    return new MeterReading(
        health.isReady(),
        rooms.collector().counts(),
        log(),
        engine.status(),
        engine.measures(),
        engine.balance(),
        store(),
        pulse.showNanos(),
        traces == null ? null : traces.latest(),
        times.read(),
        definitions.problems().size(),
        machine());
  }

  private MeterReading.Log log() {
    MeasuredLog log = rooms.log();
    return new MeterReading.Log(
        log.status(),
        log.firstOffset(),
        log.nextOffset(),
        log.waiting(),
        log.waitingBytes(),
        log.bytes(),
        log.keepNanos(),
        log.batchEvents());
  }

  private MeterReading.Store store() {
    EventStore store = rooms.store();
    List<EventStore.Version> versions = store.versions();
    Instant last = versions.isEmpty() ? null : versions.getFirst().at();
    return new MeterReading.Store(
        store.status(),
        store.visibleOffset(),
        store.committed(),
        (last == null ? opened : last).toEpochMilli() / MILLIS);
  }

  private MeterReading.Machine machine() {
    DiskSpace disk = DiskSpace.of(data);
    boolean unix =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean;
    return new MeterReading.Machine(
        Main.Version.number(),
        ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS,
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? system.getProcessCpuTime() / NANOS
            : -1,
        Runtime.getRuntime().availableProcessors(),
        Vitals.now().rssBytes(),
        unix ? unix().getOpenFileDescriptorCount() : -1,
        unix ? unix().getMaxFileDescriptorCount() : -1,
        disk == null ? -1 : disk.total(),
        disk == null ? -1 : disk.free());
  }

  private static UnixOperatingSystemMXBean unix() {
    return (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  }
}
