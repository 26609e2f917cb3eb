package dev.leat.server;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The registry behind {@code GET /metrics}: Micrometer's, with its meters of the JVM, and {@link
 * HouseMeters} beside them. Any thread.
 */
final class Meters implements AutoCloseable {
  private final PrometheusRegistry families = new PrometheusRegistry();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, families, Clock.SYSTEM);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final ExpositionFormats formats = ExpositionFormats.init();

  Meters(Supplier<MeterReading> source) {
    registry.throwExceptionOnRegistrationFailure();
    List<MeterBinder> ofJvm = List.of(new JvmMemoryMetrics(), collections, new JvmThreadMetrics());
    ofJvm.forEach(binder -> binder.bindTo(registry));
    families.register(new HouseMeters(source));
  }

  /**
   * All families, in the format that the reader prefers.
   *
   * @param contentType with the format's version
   */
  @SuppressWarnings("ArrayRecordComponent") // Made for who asked.
  record Page(String contentType, byte[] text) {}

  /**
   * Reads everything.
   *
   * @param accept as in HTTP; null or strange gets the plain text format
   */
  Page scrape(@Nullable String accept) {
    ExpositionFormatWriter writer = formats.findWriter(accept);
    ByteArrayOutputStream text = new ByteArrayOutputStream(1 << 16);
    try {
      writer.write(text, families.scrape());
    } catch (IOException impossible) {
      throw new UncheckedIOException("memory does not fail", impossible);
    }
    return new Page(writer.getContentType(), text.toByteArray());
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
