package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.Metrics;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * Which series of an answer a cell belongs to: cells whose remaining labels are equal share one.
 * What a key means is found out once, however many buckets have it; a question for one key alone
 * looks at no other. For one thread.
 */
final class SeriesGroups {
  private final List<String> names;
  private final @Nullable String[] wanted;
  private final int[] shown;
  private final boolean isSession;
  private final List<byte[]> onlyKeys;
  private final KeyTable keys;

  /** By the slots of the keys; null for a series that is not wanted. */
  private @Nullable SeriesCells[] byKey = new SeriesCells[16];

  private final Map<List<@Nullable String>, SeriesCells> byLabels = new HashMap<>();

  /** Labels that the metric does not have are for the caller to refuse. */
  SeriesGroups(MetricPlan metric, Metrics.Query query) {
    keys = new KeyTable(metric.secret());
    names = metric.labels();
    isSession = metric.isSession();
    wanted = names.stream().map(query.where()::get).toArray(String[]::new);
    List<String> by = query.by() == null ? names : query.by();
    shown = by.stream().mapToInt(names::indexOf).toArray();
    boolean isOne = !isSession && Arrays.stream(wanted).noneMatch(value -> value == null);
    onlyKeys = isOne ? keys() : List.of();
  }

  /** Sorts the cells of the buckets, which come in the order of time. */
  void add(NavigableMap<Long, Cells> buckets) {
    buckets.forEach((bucket, cells) -> add(bucket, cells));
  }

  /** The series so far, in no order. */
  Collection<SeriesCells> series() {
    return byLabels.values();
  }

  private void add(long bucket, Cells cells) {
    if (!onlyKeys.isEmpty()) {
      for (byte[] key : onlyKeys) {
        int slot = cells.find(key);
        if (slot >= 0) {
          add(bucket, cells, slot);
        }
      }
      return;
    }
    // The order of keys alone is the same wherever the cells come from.
    int[] slots = shown.length == names.size() ? null : cells.sorted();
    int end = slots == null ? cells.slots() : slots.length;
    for (int i = 0; i < end; i++) {
      int slot = slots == null ? i : slots[i];
      if (cells.isTaken(slot)) {
        add(bucket, cells, slot);
      }
    }
  }

  private void add(long bucket, Cells cells, int slot) {
    SeriesCells series = series(cells, slot);
    if (series != null) {
      series.add(bucket, cells, slot);
    }
  }

  private @Nullable SeriesCells series(Cells cells, int slot) {
    if (isSession) {
      return find(cells.key(slot)); // Each is there once, so there is nothing to remember.
    }
    int before = keys.size();
    int known = cells.slotOfKey(keys, slot);
    if (known == before) {
      if (known == byKey.length) {
        byKey = Arrays.copyOf(byKey, known * 2);
      }
      byKey[known] = find(cells.key(slot));
    }
    return byKey[known];
  }

  private @Nullable SeriesCells find(byte[] key) {
    List<@Nullable String> labels = SeriesKey.labels(key, names.size());
    for (int label = 0; label < wanted.length; label++) {
      if (wanted[label] != null && !wanted[label].equals(labels.get(label))) {
        return null;
      }
    }
    List<@Nullable String> shownLabels = new ArrayList<>(shown.length);
    for (int label : shown) {
      shownLabels.add(labels.get(label));
    }
    return byLabels.computeIfAbsent(Collections.unmodifiableList(shownLabels), SeriesCells::new);
  }

  /**
   * The keys whose labels are the wanted ones: one, and that of what is over the cap if they say
   * so.
   */
  private List<byte[]> keys() {
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    boolean isOther = wanted.length > 0;
    boolean fits = true;
    for (String value : wanted) {
      byte[] bytes = String.valueOf(value).getBytes(UTF_8);
      key.write(bytes.length >> 8);
      key.write(bytes.length);
      key.writeBytes(bytes);
      fits &= bytes.length < SeriesKey.ABSENT;
      isOther &= SeriesKey.OTHER.equals(value);
    }
    List<byte[]> keys = new ArrayList<>();
    if (fits) {
      keys.add(key.toByteArray());
    }
    if (isOther) {
      keys.add(Cells.OTHER);
    }
    return keys;
  }
}
