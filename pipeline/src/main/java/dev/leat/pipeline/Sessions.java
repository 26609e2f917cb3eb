package dev.leat.pipeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of all series of a metric: stretches of time between which there is more than the
 * gap. Each has a cell in the bucket it began in; when it begins earlier than was known, or two
 * become one, cells move. It knows no lateness. For one thread.
 *
 * <p>The sessions of a series form a chain from the latest to the earliest, since most events are
 * for the latest.
 */
final class Sessions {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** What it tells about cells. */
  interface Observer {
    /** A cell is gone: it moved, or became part of another. */
    void gone(long bucket, byte[] key);

    /** A session took over a cell that was there: whoever had it has it no more. */
    default void taken(Cells cells, int slot) {}
  }

  /** One session: where its cell is and from when to when it lasts. */
  static final class Session {
    private final int series;
    private long first;
    private long last;
    private long bucket;
    private Cells cells;
    private int slot;
    private @Nullable Session earlier;
    private boolean isGone;
    private long due;

    private Session(int series, long first, long last, long bucket, Cells cells, int slot) {
      this.series = series;
      this.first = first;
      this.last = last;
      this.bucket = bucket;
      this.cells = cells;
      this.slot = slot;
    }

    int series() {
      return series;
    }

    long first() {
      return first;
    }

    long last() {
      return last;
    }

    long bucket() {
      return bucket;
    }

    /** Goes on to a time that it touches and that is not before it: so it touches no other. */
    void extend(long time) {
      last = Math.max(last, time);
    }

    Cells cells() {
      return cells;
    }

    int slot() {
      return slot;
    }

    @Nullable Session earlier() {
      return earlier;
    }

    /** When somebody wants to look at it; kept for others. */
    long due() {
      return due;
    }

    void setDue(long horizon) {
      due = horizon;
    }

    /** Whether it is no session any more: it became part of another, or was taken away. */
    boolean isGone() {
      return isGone;
    }

    /** Its cell is another's now. */
    void setGone() {
      isGone = true;
    }
  }

  private final long gap;
  private final long size;
  private final Observer observer;
  private final KeyTable keys;
  private final TreeMap<Long, Cells> buckets = new TreeMap<>();
  private CellLayout layout;
  private @Nullable Session[] latest = new Session[8];
  private byte[] key = new byte[64];
  private Cells lastCells;
  private long lastBucket = Long.MAX_VALUE;
  private int count;

  Sessions(MetricPlan plan, CellLayout layout, Observer observer) {
    this.gap = plan.windowMicros();
    this.size = plan.bucketMicros();
    this.layout = layout;
    this.keys = new KeyTable(layout.secret());
    this.observer = observer;
    this.lastCells = new Cells(layout, Integer.MAX_VALUE);
  }

  void use(CellLayout next) {
    layout = next;
  }

  /** Sessions there are. */
  int count() {
    return count;
  }

  /** The number of a series, or -1 if it has no session. */
  int find(byte[] series, int from, int length) {
    return keys.find(series, from, length);
  }

  /** The same for the series that was read last. */
  int find(Series series) {
    if (!series.hasNumber()) {
      return find(series.key(), series.from(), series.length());
    }
    int known = keys.find(series.number());
    if (known < 0) {
      known = find(series.key(), series.from(), series.length());
      if (known >= 0) {
        keys.name(known, series.number());
      }
    }
    return known;
  }

  /** The number of the series that was read last and has no session yet. */
  int begin(Series series) {
    int begun = series(series.key(), series.from(), series.length());
    if (series.hasNumber()) {
      keys.name(begun, series.number());
    }
    return begun;
  }

  /** The number of a series, which it keeps as long as it has a session. */
  int series(byte[] series, int from, int length) {
    int known = keys.find(series, from, length);
    if (known >= 0) {
      return known;
    }
    int added = keys.add(series, from, length);
    if (added >= latest.length) {
      latest = Arrays.copyOf(latest, Math.max(added + 1, latest.length * 2));
    }
    return added;
  }

  byte[] key(int series) {
    return keys.key(series);
  }

  /** The latest session of a series, from which the others follow. */
  @Nullable Session latest(int series) {
    return series < 0 ? null : latest[series];
  }

  /** The latest session of a series that a stretch of time is part of; null if there is none. */
  @Nullable Session touched(int series, long first, long last) {
    for (Session each = latest(series); each != null; each = each.earlier) {
      if (each.first - gap <= last && first <= each.last + gap) {
        return each;
      }
      if (each.last + gap < first) {
        return null;
      }
    }
    return null;
  }

  /**
   * The session that a stretch of time is part of, which then lasts so long: a new one, one that
   * was there, or one that several became. Its cell has no value of the stretch yet.
   */
  Session join(int series, long first, long last) {
    Session newest = touched(series, first, last);
    if (newest == null) {
      return begin(series, first, last);
    }
    Session session = newest;
    for (Session each = session.earlier;
        each != null && each.last + gap >= first;
        each = session.earlier) {
      absorb(each, session);
      session = each;
    }
    if (first < session.first) {
      move(session, first);
    }
    session.last = Math.max(session.last, last);
    return session;
  }

  private Session begin(int series, long first, long last) {
    long bucket = Math.floorDiv(first, size) * size;
    Cells cells = cells(bucket);
    Session session = new Session(series, first, last, bucket, cells, slot(cells, series, first));
    link(session);
    return session;
  }

  /** Puts a session into the chain of its series. */
  private void link(Session session) {
    Session later = null;
    Session each = latest[session.series];
    while (each != null && each.first > session.first) {
      later = each;
      each = each.earlier;
    }
    session.earlier = each;
    if (later == null) {
      latest[session.series] = session;
    } else {
      later.earlier = session;
    }
    count++;
  }

  /** Takes a session out of its chain. Its cell stays. */
  void unlink(Session session) {
    Session later = null;
    for (Session each = latest[session.series];
        each != null && each != session;
        each = each.earlier) {
      later = each;
    }
    if (later == null) {
      latest[session.series] = session.earlier;
    } else {
      later.earlier = session.earlier;
    }
    count--;
    if (latest[session.series] == null) {
      keys.remove(session.series);
    }
  }

  /** Takes a session away with its cell. */
  void remove(Session session) {
    unlink(session);
    removeCell(session);
  }

  /** Takes the cell of a session away that is in no chain any more. */
  void removeCell(Session session) {
    session.isGone = true;
    observer.gone(session.bucket, session.cells.key(session.slot));
    session.cells.remove(session.slot);
  }

  /** The earlier of two sessions becomes both. */
  private void absorb(Session earlier, Session later) {
    layout.merge(earlier.cells, earlier.slot, later.cells, later.slot);
    earlier.last = Math.max(earlier.last, later.last);
    remove(later);
  }

  /** A session that begins earlier has another key, and maybe another bucket. */
  private void move(Session session, long first) {
    Cells from = session.cells;
    int fromSlot = session.slot;
    long bucket = Math.floorDiv(first, size) * size;
    Cells into = cells(bucket);
    int before = into.size();
    int slot = slot(into, session.series, first);
    if (into.size() == before) {
      observer.taken(into, slot);
    }
    layout.merge(into, slot, from, fromSlot);
    observer.gone(session.bucket, from.key(fromSlot));
    from.remove(fromSlot);
    session.first = first;
    session.bucket = bucket;
    session.cells = into;
    session.slot = slot;
  }

  private int slot(Cells cells, int series, long first) {
    int length = keys.length(series);
    if (key.length < length + Long.BYTES) {
      key = new byte[2 * length + Long.BYTES];
    }
    System.arraycopy(keys.bytes(), keys.from(series), key, 0, length);
    LONGS.set(key, length, first);
    return cells.slot(key, 0, length + Long.BYTES);
  }

  /** The cells of a bucket, which are made if there are none. */
  Cells cells(long bucket) {
    if (bucket != lastBucket) {
      Cells known = buckets.get(bucket);
      if (known == null) {
        known = new Cells(layout, Integer.MAX_VALUE);
        buckets.put(bucket, known);
      }
      lastBucket = bucket;
      lastCells = known;
    }
    return lastCells;
  }

  /** Takes over cells that came from elsewhere, without sessions. */
  void put(long bucket, Cells cells) {
    buckets.put(bucket, cells);
    lastBucket = Long.MAX_VALUE;
  }

  /** Makes a session of a cell that is there. */
  Session adopt(long bucket, Cells cells, int slot) {
    byte[] whole = cells.key(slot);
    int series = series(whole, 0, whole.length - Long.BYTES);
    Session session = new Session(series, cells.first(slot), cells.last(slot), bucket, cells, slot);
    link(session);
    return session;
  }

  /** Passes all sessions on, which may be removed meanwhile. */
  void forEach(Consumer<Session> receiver) {
    for (int series = 0; series < keys.slots(); series++) {
      Session each = keys.isTaken(series) ? latest[series] : null;
      while (each != null) {
        Session earlier = each.earlier;
        receiver.accept(each);
        each = earlier;
      }
    }
  }

  NavigableMap<Long, Cells> buckets() {
    return buckets;
  }

  /** Forgets buckets that have nothing any more. */
  void removeEmptyBuckets() {
    buckets.values().removeIf(cells -> cells.size() == 0 && !cells.isDirty());
    lastBucket = Long.MAX_VALUE;
  }
}
