package dev.leat.pipeline;

import dev.leat.pipeline.Aggregates.Mark;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * The marks that wait for a recomputation: one of each name, with the highest position that made
 * it. For one thread.
 *
 * <p>They are bounded. If too many sessions of a metric wait, they become marks of the buckets that
 * their times are in, which stand for all series there. What is too much altogether is not kept but
 * counted as lost.
 */
final class MarkBook {
  /** So many sessions wait by name. */
  static final int MAX_SESSIONS = 100_000;

  /** So many marks wait. */
  static final int MAX_MARKS = 1_000_000;

  private final TreeMap<Bucket, Long> buckets = new TreeMap<>();
  private final TreeMap<Session, Long> sessions = new TreeMap<>();
  private final TreeMap<Corrected, Long> corrected = new TreeMap<>();
  private final int maxSessions;
  private final int maxMarks;
  private long lost;

  private record Bucket(long metric, long bucket) implements Comparable<Bucket> {
    private static final Comparator<Bucket> ORDER =
        Comparator.comparingLong(Bucket::metric).thenComparingLong(Bucket::bucket);

    @Override
    public int compareTo(Bucket other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * @param size of the metric's buckets, for when there are too many
   */
  @SuppressWarnings("ArrayRecordComponent") // Compared by its order alone.
  private record Session(long metric, byte[] series, long time, long size)
      implements Comparable<Session> {
    private static final Comparator<Session> ORDER =
        Comparator.comparingLong(Session::metric)
            .thenComparing(Session::series, Arrays::compareUnsigned)
            .thenComparingLong(Session::time);

    @Override
    public int compareTo(Session other) {
      return ORDER.compare(this, other);
    }

    Bucket bucket() {
      return new Bucket(metric, Math.floorDiv(time, size) * size);
    }
  }

  private record Corrected(String stream, long target) implements Comparable<Corrected> {
    private static final Comparator<Corrected> ORDER =
        Comparator.comparing(Corrected::stream).thenComparingLong(Corrected::target);

    @Override
    public int compareTo(Corrected other) {
      return ORDER.compare(this, other);
    }
  }

  MarkBook() {
    this(MAX_SESSIONS, MAX_MARKS);
  }

  /** With bounds of its own, for tests. */
  MarkBook(int maxSessions, int maxMarks) {
    this.maxSessions = maxSessions;
    this.maxMarks = maxMarks;
  }

  void bucket(long metric, long bucket, long position) {
    put(buckets, new Bucket(metric, bucket), position);
  }

  void session(long metric, byte[] key, int from, int length, long time, long size, long position) {
    byte[] series = Arrays.copyOfRange(key, from, from + length);
    Session session = new Session(metric, series, time, size);
    Bucket all = session.bucket();
    if (buckets.containsKey(all)) {
      put(buckets, all, position);
      return;
    }
    put(sessions, session, position);
    if (sessions.size() > maxSessions) {
      sessions.forEach((each, at) -> buckets.merge(each.bucket(), at, Math::max));
      sessions.clear();
    }
  }

  void corrected(String stream, long target, long position) {
    put(corrected, new Corrected(stream, target), position);
  }

  private <K> void put(Map<K, Long> marks, K name, long position) {
    if (size() >= maxMarks && !marks.containsKey(name)) {
      lost++;
    } else {
      marks.merge(name, position, Math::max);
    }
  }

  private int size() {
    return buckets.size() + sessions.size() + corrected.size();
  }

  /** Marks that were too many. */
  long lost() {
    return lost;
  }

  /** How many there are of a metric, and of the corrections of its stream. */
  long pending(long metric, String stream) {
    Bucket first = new Bucket(metric, Long.MIN_VALUE);
    Bucket last = new Bucket(metric, Long.MAX_VALUE);
    long waiting = buckets.subMap(first, true, last, true).size();
    for (Session session :
        sessions.tailMap(new Session(metric, new byte[0], Long.MIN_VALUE, 1)).keySet()) {
      if (session.metric() != metric) {
        break;
      }
      waiting++;
    }
    Corrected from = new Corrected(stream, Long.MIN_VALUE);
    Corrected to = new Corrected(stream, Long.MAX_VALUE);
    return waiting + corrected.subMap(from, true, to, true).size();
  }

  /** The marks of these metrics, and the corrections of these streams. */
  List<Mark> list(LongPredicate metrics, Predicate<String> streams) {
    List<Mark> all = new ArrayList<>();
    buckets.forEach(
        (name, position) -> {
          if (metrics.test(name.metric())) {
            all.add(new Mark.Bucket(name.metric(), name.bucket(), position));
          }
        });
    sessions.forEach(
        (name, position) -> {
          if (metrics.test(name.metric())) {
            all.add(new Mark.Session(name.metric(), name.series().clone(), name.time(), position));
          }
        });
    corrected.forEach(
        (name, position) -> {
          if (streams.test(name.stream())) {
            all.add(new Mark.Corrected(name.stream(), name.target(), position));
          }
        });
    return all;
  }

  void settle(Collection<Mark> marks) {
    for (Mark mark : marks) {
      switch (mark) {
        case Mark.Bucket it -> settle(buckets, new Bucket(it.metric(), it.bucket()), it.position());
        case Mark.Session it ->
            settle(sessions, new Session(it.metric(), it.series(), it.time(), 1), it.position());
        case Mark.Corrected it ->
            settle(corrected, new Corrected(it.stream(), it.target()), it.position());
      }
    }
  }

  private static <K> void settle(Map<K, Long> marks, K name, long position) {
    marks.computeIfPresent(name, (_, known) -> known <= position ? null : known);
  }

  /** Forgets what belongs to other metrics and streams. */
  void retain(LongPredicate metrics, Predicate<String> streams) {
    buckets.keySet().removeIf(name -> !metrics.test(name.metric()));
    sessions.keySet().removeIf(name -> !metrics.test(name.metric()));
    corrected.keySet().removeIf(name -> !streams.test(name.stream()));
  }

  void encode(ByteWriter out) {
    out.putVarint(lost);
    out.putVarint(buckets.size());
    buckets.forEach(
        (name, position) -> {
          out.putLong(name.metric());
          out.putLong(name.bucket());
          out.putVarint(position);
        });
    out.putVarint(sessions.size());
    sessions.forEach(
        (name, position) -> {
          out.putLong(name.metric());
          out.putVarint(name.series().length);
          out.putBytes(name.series());
          out.putLong(name.time());
          out.putLong(name.size());
          out.putVarint(position);
        });
    out.putVarint(corrected.size());
    corrected.forEach(
        (name, position) -> {
          writeText(name.stream(), out);
          out.putVarint(name.target());
          out.putVarint(position);
        });
  }

  void decode(ByteReader in) {
    lost = in.getVarint();
    for (int i = in.getCount(17); i > 0; i--) {
      Bucket name = new Bucket(in.getLong(), in.getLong());
      buckets.put(name, in.getVarint());
    }
    for (int i = in.getCount(26); i > 0; i--) {
      long metric = in.getLong();
      byte[] series = in.getBytes(in.getCount(1));
      Session name = new Session(metric, series, in.getLong(), in.getLong());
      sessions.put(name, in.getVarint());
    }
    for (int i = in.getCount(3); i > 0; i--) {
      Corrected name = new Corrected(readText(in), in.getVarint());
      corrected.put(name, in.getVarint());
    }
  }

  static void writeText(String text, ByteWriter out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putVarint(bytes.length);
    out.putBytes(bytes);
  }

  static String readText(ByteReader in) {
    return new String(in.getBytes(in.getCount(1)), StandardCharsets.UTF_8);
  }
}
