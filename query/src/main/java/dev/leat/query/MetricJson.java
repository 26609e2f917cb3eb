package dev.leat.query;

import dev.leat.event.Metrics.Answer.Results;
import dev.leat.event.Metrics.Bound;
import dev.leat.event.Metrics.Counts;
import dev.leat.event.Metrics.MeasureInfo;
import dev.leat.event.Metrics.MetricInfo;
import dev.leat.event.Metrics.Part;
import dev.leat.event.Metrics.Point;
import dev.leat.event.Metrics.Series;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How metrics and their results are told in JSON. */
final class MetricJson implements MetricFormat {
  private static final List<String> LATENESS = List.of("1m", "1h", "1d", "more");

  private final JsonWriter json;

  MetricJson(OutputStream out) {
    json = new JsonWriter(out);
  }

  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public void write(Results results, Instant now) throws IOException {
    MetricInfo metric = results.metric();
    json.beginObject()
        .field("metric", metric.name())
        .field("stream", metric.stream())
        .field("window", metric.window())
        .field("labels", results.labels());
    measures(json, "measures", metric.measures());
    json.name("series").beginArray();
    for (Series series : results.series()) {
      series(results, series);
    }
    json.endArray().field("watermark", time(results.watermark()));
    measures(json, "approximate", results.approximate());
    json.name("resolution").beginArray();
    for (Part part : results.parts()) {
      json.beginObject()
          .field("from", Times.ofMicros(part.from()))
          .field("to", Times.ofMicros(part.to()))
          .field("resolution", part.resolution())
          .endObject();
    }
    json.endArray();
    Freshnesses.write(json, results.position(), now);
    json.endObject().newLine().flush();
  }

  private void series(Results results, Series series) throws IOException {
    json.beginObject();
    labels(json, results.labels(), series.labels());
    json.name("points").beginArray();
    List<MeasureInfo> measures = results.metric().measures();
    for (Point point : series.points()) {
      json.beginObject()
          .field("start", Times.ofMicros(point.start()))
          .field("end", Times.ofMicros(point.end()));
      for (int i = 0; i < measures.size(); i++) {
        json.field(measures.get(i).name(), point.values()[i]);
      }
      json.field("revision", point.revision())
          .field("final", point.isFinal())
          .field("exact", point.exact())
          .endObject();
    }
    json.endArray().endObject();
  }

  /** The member {@code labels}; a value without a name is left out. */
  static void labels(JsonWriter json, List<String> names, List<@Nullable String> values)
      throws IOException {
    json.name("labels").beginObject();
    for (int i = 0; i < Math.min(names.size(), values.size()); i++) {
      json.field(names.get(i), values.get(i));
    }
    json.endObject();
  }

  /** A metric and how it is. */
  static void info(JsonWriter json, MetricInfo metric) throws IOException {
    json.beginObject()
        .field("name", metric.name())
        .field("stream", metric.stream())
        .field("window", metric.window())
        .field("labels", metric.labels());
    measures(json, "measures", metric.measures());
    json.field("watermark", time(metric.watermark()))
        .field("finalBefore", time(metric.finalBefore()))
        .field("series", metric.series());
    counts(json, metric.counts());
    json.field("detail", metric.detail()).endObject();
  }

  private static void counts(JsonWriter json, Counts counts) throws IOException {
    json.name("counts")
        .beginObject()
        .field("counted", counts.counted())
        .field("late", counts.late())
        .field("tooLate", counts.tooLate())
        .field("ahead", counts.ahead())
        .name("lateUpTo")
        .beginObject();
    for (int i = 0; i < Math.min(LATENESS.size(), counts.lateUpTo().size()); i++) {
      json.field(LATENESS.get(i), counts.lateUpTo().get(i));
    }
    json.endObject()
        .field("pending", counts.pending())
        .field("overflow", counts.overflow())
        .endObject();
  }

  private static void measures(JsonWriter json, String name, List<MeasureInfo> measures)
      throws IOException {
    json.name(name).beginArray();
    for (MeasureInfo measure : measures) {
      json.beginObject().field("name", measure.name()).field("text", measure.text()).name("bound");
      bound(json, measure.bound());
      json.endObject();
    }
    json.endArray();
  }

  private static void bound(JsonWriter json, @Nullable Bound bound) throws IOException {
    if (bound == null) {
      json.value(null);
    } else {
      json.beginObject()
          .field("kind", bound.kind())
          .field("error", bound.error())
          .field("confidence", bound.confidence())
          .endObject();
    }
  }

  private static @Nullable Instant time(@Nullable Long micros) {
    return micros == null ? null : Times.ofMicros(micros);
  }
}
