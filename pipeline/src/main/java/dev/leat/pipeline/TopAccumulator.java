package dev.leat.pipeline;

import dev.leat.event.Metrics.Bound;
import dev.leat.pipeline.MetricSpec.Measure;
import dev.leat.pipeline.TopItems.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values that came most often, of text the first {@link SeriesWriter#MAX_LABEL_BYTES}: a batch
 * counts all of them.
 */
final class TopAccumulator extends SketchAccumulator<TopItems, ItemCounts, List<Item>> {
  private final int most;
  private final int counters;
  private final long secret;
  private final ItemBytes item = new ItemBytes();

  /**
   * @param most how many values are asked for at most
   * @param secret as of a {@link KeyTable}
   */
  TopAccumulator(int most, boolean isBatch, long secret) {
    super(isBatch);
    this.secret = secret;
    this.most = most;
    this.counters = TopItems.countersFor(most);
  }

  @Override
  TopItems newSketch() {
    return new TopItems(counters);
  }

  @Override
  boolean takes(Sample sample) {
    return sample.kind() != Sample.Kind.NONE;
  }

  @Override
  void addTo(TopItems sketch, Sample sample) {
    item.set(sample, SeriesWriter.MAX_LABEL_BYTES);
    sketch.add(item.bytes(), 0, item.length(), sample.weight());
  }

  @Override
  void mergeInto(TopItems sketch, TopItems other) {
    sketch.merge(other);
  }

  @Override
  TopItems copyOf(TopItems sketch) {
    return sketch.copy();
  }

  @Override
  boolean isExact(TopItems sketch) {
    return sketch.error() == 0;
  }

  @Override
  long bytesOf(TopItems sketch) {
    return sketch.bytes();
  }

  @Override
  void write(TopItems sketch, ByteWriter out) {
    sketch.write(out);
  }

  @Override
  TopItems readSketch(ByteReader in) {
    return TopItems.read(counters, in);
  }

  @Override
  ItemCounts newKept() {
    return new ItemCounts(secret);
  }

  @Override
  void keep(ItemCounts kept, Sample sample) {
    item.set(sample, SeriesWriter.MAX_LABEL_BYTES);
    kept.add(item.bytes(), 0, item.length(), sample.weight());
  }

  @Override
  void keepAll(ItemCounts kept, ItemCounts other) {
    kept.addAll(other);
  }

  @Override
  ItemCounts copyOfKept(ItemCounts kept) {
    return kept.copy();
  }

  @Override
  long bytesOfKept(ItemCounts kept) {
    return kept.bytes();
  }

  @Override
  List<Item> find(ItemCounts kept) {
    return kept.top(most);
  }

  @Override
  void writeFound(List<Item> found, ByteWriter out) {
    out.putVarint(found.size());
    for (Item each : found) {
      out.putVarint(each.item().length);
      out.putBytes(each.item());
      out.putVarint(each.count());
    }
  }

  @Override
  List<Item> readFound(ByteReader in) {
    int size = in.getCount(2);
    List<Item> found = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      byte[] bytes = in.getBytes(in.getCount(1));
      ItemBytes.value(bytes); // Which it must be.
      found.add(new Item(bytes, in.getVarint(), 0));
    }
    return List.copyOf(found);
  }

  @Override
  Object none() {
    return List.of();
  }

  @Override
  Object value(TopItems sketch, Measure measure) {
    return list(sketch.top(count(measure)));
  }

  @Override
  Object valueFound(List<Item> found, Measure measure) {
    return list(found.subList(0, Math.min(count(measure), found.size())));
  }

  private static int count(Measure measure) {
    return (int) QuantileAccumulator.argument(measure);
  }

  private static List<Map<String, Object>> list(List<Item> items) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Item each : items) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("item", ItemBytes.value(each.item()));
      entry.put("count", each.count());
      list.add(entry);
    }
    return List.copyOf(list);
  }

  @Override
  Bound bound() {
    return new Bound("count", TopItems.error(counters), 1);
  }

  @Override
  Accumulator exact() {
    return new TopAccumulator(most, true, secret);
  }
}
