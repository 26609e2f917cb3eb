package dev.leat.engine;

import dev.leat.event.DataSchema;
import dev.leat.event.Metrics;
import dev.leat.event.ProvidedTables;
import dev.leat.event.RowChunk;
import dev.leat.pipeline.CellLayout;
import dev.leat.pipeline.MetricAssembly;
import dev.leat.pipeline.MetricPlan;
import dev.leat.pipeline.MetricSpec.Measure;
import dev.leat.pipeline.WindowText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers what is asked of the metrics. What memory holds is copied between two batches, all else
 * is read from commits, and no row is touched. Any thread.
 *
 * <p>A question without an end gets all there is. One without a begin gets the last {@value
 * MetricQuestion#DEFAULT_WINDOWS} windows, or steps, before the end; of sessions those that began
 * in the day before it.
 */
final class MetricDesk implements Metrics, ProvidedTables {
  private final LiveMetrics live;
  private final CellStore store;
  private final Function<String, DataSchema> schemas;
  private final CellCache cache;
  private final RollUp rollUp;
  private final Computation recompute;
  private final Computation verify;
  private final Function<MetricPlan, String> problems;
  private final MetricTables tables;

  /** Computes windows of a metric from rows. */
  @FunctionalInterface
  interface Computation {
    /** The windows that begin in the stretch. Blocks. */
    Recomputation run(MetricPlan metric, long from, long to) throws InterruptedException;
  }

  /**
   * @param schemas the data of a stream's table
   * @param recompute puts what the rows yield in the place of what there is
   * @param verify compares the two
   * @param problems what keeps a metric from being computed anew; empty if nothing does
   */
  MetricDesk(
      LiveMetrics live,
      CellStore store,
      Function<String, DataSchema> schemas,
      CellCache cache,
      RollUp rollUp,
      Computation recompute,
      Computation verify,
      Function<MetricPlan, String> problems) {
    this.live = live;
    this.store = store;
    this.schemas = schemas;
    this.cache = cache;
    this.rollUp = rollUp;
    this.recompute = recompute;
    this.verify = verify;
    this.problems = problems;
    this.tables = new MetricTables(this::plans, this::everything, schemas);
  }

  @Override
  public List<MetricInfo> metrics() {
    List<MetricInfo> all = new ArrayList<>();
    for (MetricPlan metric : plans()) {
      all.add(info(moment(metric, 0, 0), layout(metric)));
    }
    return all;
  }

  @Override
  public Answer query(Query query) throws InterruptedException {
    MetricPlan metric = plan(query.metric());
    if (metric == null) {
      return new Answer.Unknown(names());
    }
    Answer.Wrong mistake = MetricQuestion.mistake(metric, query);
    return mistake == null ? answer(metric, query) : mistake;
  }

  @Override
  public Recomputation recompute(String metric, long from, long to) throws InterruptedException {
    MetricPlan plan = plan(metric);
    return plan == null ? new Recomputation.Unknown(names()) : recompute.run(plan, from, to);
  }

  @Override
  public Recomputation verify(String metric, long from, long to) throws InterruptedException {
    MetricPlan plan = plan(metric);
    return plan == null ? new Recomputation.Unknown(names()) : verify.run(plan, from, to);
  }

  @Override
  public List<Table> tables() {
    return tables.tables();
  }

  @Override
  public List<RowChunk.View> rows(String table) throws InterruptedException {
    return tables.rows(table);
  }

  private Answer answer(MetricPlan metric, Query query) throws InterruptedException {
    CellLayout layout = layout(metric);
    Look look = look(metric, layout, query);
    MetricResults results = new MetricResults(query.maxPoints());
    look.reader().read(results::add);
    if (results.isTooMany()) {
      return MetricQuestion.tooMany(query);
    }
    MetricInfo info = info(look.moment(), layout);
    return new Answer.Results(
        info,
        query.by() == null ? metric.labels() : query.by(),
        results.series(),
        look.moment().watermark(),
        look.moment().position(),
        results.approximate(info.measures()),
        look.reader().parts(look.range().from(), look.range().to()));
  }

  /** Everything of a metric, at the finest level there is. */
  private void everything(MetricPlan metric, MetricTables.Receiver receiver)
      throws InterruptedException {
    Query query =
        new Query(metric.name(), Long.MIN_VALUE, null, null, null, Map.of(), null, Long.MAX_VALUE);
    look(metric, layout(metric), query)
        .reader()
        .read(
            series -> {
              receiver.series(series);
              return true;
            });
  }

  /** What answers a question. */
  private record Look(MetricMoment moment, MetricExtent.Range range, MetricReader reader) {}

  private Look look(MetricPlan metric, CellLayout layout, Query query) {
    Long watermark = moment(metric, 0, 0).watermark();
    MetricExtent extent = new MetricExtent(metric, store, query, watermark);
    MetricMoment moment = moment(metric, extent.earliest(), extent.latest());
    MetricExtent.Range range = extent.range(moment.held());
    MetricReader reader =
        new MetricReader(moment, layout, store, cache, rollUp, query, range.from(), range.to());
    return new Look(moment, range, reader);
  }

  private MetricMoment moment(MetricPlan metric, long from, long to) {
    return live.between(moment -> MetricMoment.of(moment, metric, from, to));
  }

  private MetricInfo info(MetricMoment moment, CellLayout layout) {
    MetricPlan metric = moment.metric();
    List<MeasureInfo> measures = new ArrayList<>();
    for (Measure measure : metric.spec().measures()) {
      measures.add(new MeasureInfo(measure.name(), measure.text(), layout.bound(measures.size())));
    }
    Long watermark = moment.watermark();
    return new MetricInfo(
        metric.name(),
        metric.spec().from(),
        WindowText.of(metric.spec().window()),
        metric.labels(),
        measures,
        watermark,
        watermark == null ? null : watermark - MetricAssembly.finalAfter(metric),
        moment.series(),
        moment.counts(),
        detail(moment));
  }

  private String detail(MetricMoment moment) {
    String problem = problems.apply(moment.metric());
    if (!problem.isEmpty()) {
      return problem;
    }
    long pending = moment.counts().pending();
    return pending == 0
        ? ""
        : "%d stretches of time wait to be computed anew from the stored rows".formatted(pending);
  }

  private List<MetricPlan> plans() {
    return live.between(LiveMetrics.Moment::plans);
  }

  private @Nullable MetricPlan plan(String name) {
    return plans().stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
  }

  private List<String> names() {
    return plans().stream().map(MetricPlan::name).toList();
  }

  private CellLayout layout(MetricPlan metric) {
    return metric.layout(schemas.apply(metric.spec().from()));
  }
}
