package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.pipeline.Aggregates.HeldSessions;
import dev.leat.pipeline.Sessions.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A metric whose windows are sessions. For one thread.
 *
 * <p>An event is too late if its own session would be settled and it touches none that is kept. A
 * session is kept as long as an event that is not too late can touch it: until the horizon is two
 * gaps behind its last event. One that is too late by itself, and makes a kept session begin
 * earlier, may touch a settled one as well; it counts, and the place is computed anew.
 *
 * <p>So many sessions are kept as the metric may have series; the events of further ones share the
 * sessions of one series.
 */
final class SessionAggregator extends Aggregator {
  private final long gap;
  private final long size;
  private final Sessions sessions;
  private final PriorityQueue<Session> due =
      new PriorityQueue<>(Comparator.comparingLong(Session::due));

  /** Sessions that no event changes any more, until a commit has them. */
  private final PendingUntilCommit<Session> leaving = new PendingUntilCommit<>();

  /** Cells that are gone and that a commit may still have. */
  private final PendingUntilCommit<GoneCell> gone = new PendingUntilCommit<>();

  /** Where the events go that are set aside. */
  private Cells gathered;

  private int others;
  private @Nullable SessionStretch stretch;

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record GoneCell(long bucket, byte[] key) {}

  SessionAggregator(
      MetricPlan plan,
      DataSchema schema,
      MetricState state,
      MarkBook marks,
      Aggregates.Source source) {
    super(plan, schema, state, marks, source);
    gap = plan.windowMicros();
    size = plan.bucketMicros();
    sessions = new Sessions(plan, layout(), new Cleared());
    gathered = none();
  }

  /**
   * What cells that are gone mean for the next cut, and for sessions on their way out of memory.
   */
  private final class Cleared implements Sessions.Observer {
    @Override
    public void gone(long bucket, byte[] key) {
      gone.add(new GoneCell(bucket, key));
    }

    @Override
    public void taken(Cells cells, int slot) {
      leaving.forEach(
          session -> {
            if (session.cells() == cells && session.slot() == slot) {
              session.setGone();
            }
          });
    }
  }

  @Override
  void use(MetricPlan next, DataSchema schema) {
    super.use(next, schema);
    sessions.use(layout());
  }

  @Override
  void count(EventRun run, RunSelection selected) {
    part().clear();
    long reached = Watermark.NONE;
    for (int i = 0; i < selected.count(); i++) {
      int index = selected.indexes()[i];
      long watermark = run.watermark(index);
      if (watermark != reached) {
        reach(watermark);
        reached = watermark;
      }
      labels().at(index);
      count(run, index, run.time(index), watermark);
    }
    addGathered();
  }

  private void count(EventRun run, int index, long time, long watermark) {
    int series = sessions.find(labels());
    Session touched = sessions.touched(series, time, time);
    boolean isOld = time + gap <= horizon();
    if (isOld && (touched == null || time < touched.first())) {
      noteRead(run, index);
    }
    if (isOld && touched == null) {
      counters().tooLate(watermark - time - gap);
      return;
    }
    boolean isOther = touched == null && isFull();
    if (isOther) {
      series = sessions.series(Cells.OTHER, 0, Cells.OTHER.length);
      touched = sessions.touched(series, time, time);
      counters().overflow(1);
    } else if (series < 0) {
      series = sessions.begin(labels());
    }
    boolean isLate = isLate(touched, time, watermark);
    Session session;
    if (touched != null && time >= touched.first()) {
      touched.extend(time);
      session = touched;
    } else {
      session = join(series, isOther, time);
    }
    gather(session, index, isLate);
    if (stretch != null) {
      addGathered();
      addApart(stretch, isOther, run, index);
    }
    if (isLate) {
      counters().late(Math.max(0, watermark - time - gap));
    } else {
      counters().counted(1);
    }
  }

  private boolean isFull() {
    return sessions.count() - others >= plan().spec().series();
  }

  /** Whether somebody may have seen a session closed that the event belongs to. */
  private boolean isLate(@Nullable Session touched, long time, long watermark) {
    if (time + gap <= watermark) {
      return true;
    }
    if (touched == null) {
      return false;
    }
    Session earlier = time < touched.first() ? touched.earlier() : null;
    return touched.last() + gap <= watermark
        || (earlier != null && time <= earlier.last() + gap && earlier.last() + gap <= watermark);
  }

  /** The session of an event that begins one, or makes one begin earlier. */
  private Session join(int series, boolean isOther, long time) {
    addGathered(); // Cells may move, and then have to have all that came before.
    int before = sessions.count();
    Session session = sessions.join(series, time, time);
    int more = sessions.count() - before;
    if (more > 0) {
      enqueue(session);
    }
    others += isOther ? more : 0;
    return session;
  }

  /** Sets an event aside for its session's cell: it is added with others of the same bucket. */
  private void gather(Session session, int index, boolean isLate) {
    if (session.cells() != gathered) {
      addGathered();
      gathered = session.cells();
    }
    part().add(index, session.slot());
    if (isLate) {
      gathered.addLate(session.slot(), 1);
    }
    state().extend(session.last() + gap);
  }

  private void addGathered() {
    if (part().size() > 0) {
      addPart(gathered);
      part().clear();
    }
  }

  private void addApart(SessionStretch anew, boolean isOther, EventRun run, int index) {
    long time = run.time(index);
    if (!anew.has(time)) {
      return;
    }
    byte[] key = isOther ? Cells.OTHER : labels().key();
    int from = isOther ? 0 : labels().from();
    int length = isOther ? Cells.OTHER.length : labels().length();
    if (anew.has(key, from, length)) {
      Sessions since = anew.since();
      Session second = since.join(since.series(key, from, length), time, time);
      part().add(index, second.slot());
      addPart(second.cells());
      part().clear();
    }
  }

  private void enqueue(Session session) {
    session.setDue(session.last() + 2 * gap);
    due.add(session);
  }

  @Override
  void mark(EventRun run, int index) {
    labels().at(index);
    noteRead(run, index);
  }

  /** Marks the series that was read last. */
  private void noteRead(EventRun run, int index) {
    RunSeries series = labels();
    byte[] key = series.key();
    marks()
        .session(
            id(), key, series.from(), series.length(), run.time(index), size, run.offset(index));
  }

  @Override
  long settled() {
    return horizon() == Watermark.NONE ? Watermark.NONE : horizon() - gap + 1;
  }

  @Override
  long slack() {
    return lateness() + gap;
  }

  @Override
  void reach(long watermark) {
    super.reach(watermark);
    for (Session next = due.peek(); next != null && next.due() <= horizon(); next = due.peek()) {
      due.remove();
      if (!next.isGone()) {
        look(next);
      }
    }
  }

  private void look(Session session) {
    if (isKept(session.last())) {
      enqueue(session);
    } else {
      leave(session);
    }
  }

  private boolean isKept(long last) {
    return last + 2 * gap > horizon();
  }

  private void leave(Session session) {
    others -= isOther(session) ? 1 : 0;
    sessions.unlink(session);
    leaving.add(session);
  }

  private static boolean isOther(Session session) {
    return session.cells().isOther(session.slot());
  }

  @Override
  void cut(long number, List<BucketChange> changes) {
    sessions
        .buckets()
        .forEach(
            (bucket, cells) -> {
              if (cells.isDirty()) {
                byte[] block = cells.encodeChanges();
                changes.add(new BucketChange(id(), Level.BASE, bucket, false, block));
              }
            });
    leaving.cut(number);
    gone.cut(number);
    state().setEarliest(sessions.count() == 0 ? Long.MAX_VALUE : sessions.buckets().firstKey());
  }

  @Override
  void committed(long number) {
    leaving.committed(
        number,
        session -> {
          if (!session.isGone()) {
            session.cells().forget(session.slot());
          }
        });
    gone.committed(number, _ -> {});
    sessions.removeEmptyBuckets();
  }

  @Override
  void load() {
    long earliest = state().earliest(); // The smallest number if nothing is known.
    if (earliest < Long.MAX_VALUE) {
      source().scan(id(), Level.BASE, earliest, Long.MAX_VALUE, this::load);
    }
  }

  private void load(long bucket, byte[] block) {
    Cells cells = decode(block);
    for (int slot : cells.sorted()) {
      if (isKept(cells.last(slot))) {
        Session session = sessions.adopt(bucket, cells, slot);
        others += isOther(session) ? 1 : 0;
        enqueue(session);
      } else {
        cells.forget(slot);
      }
    }
    if (cells.size() > 0) {
      sessions.put(bucket, cells);
    }
  }

  private Cells decode(byte[] block) {
    return Cells.decode(layout(), Integer.MAX_VALUE, block);
  }

  @Override
  NavigableMap<Long, Cells> live(long from, long to) {
    TreeMap<Long, Cells> copies = new TreeMap<>();
    if (from < to) {
      sessions
          .buckets()
          .subMap(from, true, to, false)
          .forEach((bucket, cells) -> copies.put(bucket, cells.copy()));
    }
    return copies;
  }

  /** What is held of the buckets in the stretch, and what is gone. */
  NavigableMap<Long, HeldSessions> held(long from, long to) {
    TreeMap<Long, HeldSessions> held = new TreeMap<>();
    live(from, to)
        .forEach((bucket, cells) -> held.put(bucket, new HeldSessions(cells, new ArrayList<>())));
    gone.forEach(
        cell -> {
          if (cell.bucket() >= from && cell.bucket() < to) {
            held.computeIfAbsent(cell.bucket(), _ -> new HeldSessions(none(), new ArrayList<>()))
                .gone()
                .add(cell.key());
          }
        });
    return held;
  }

  private Cells none() {
    return new Cells(layout(), Integer.MAX_VALUE);
  }

  @Override
  long series() {
    return sessions.count();
  }

  /** From now on what events add to sessions of these series in this stretch is kept apart too. */
  void rotate(long from, long to, @Nullable Collection<byte[]> series) {
    Sessions since = new Sessions(plan(), layout(), (_, _) -> {});
    stretch = new SessionStretch(from, to, series, since);
  }

  @Override
  void abandon() {
    stretch = null;
  }

  /** Puts what the rows yield in the place of some sessions of the stretch. */
  Collection<byte[]> replace(NavigableMap<Long, Cells> rows, SessionParts parts, long watermark) {
    SessionStretch anew = stretch;
    if (anew == null) {
      throw new IllegalStateException("nothing was prepared for being replaced");
    }
    Replacement replacement = new Replacement(parts);
    List<Committed> committed = committed(parts); // May fail, so before all else.
    sessions.forEach(replacement::check);
    leaving.forEach(replacement::check);
    anew.since().forEach(replacement::checkEnds);
    sessions.forEach(replacement::takeKept);
    leaving.forEach(replacement::takeLeaving);
    gone.forEach(replacement::noteGone);
    committed.forEach(replacement::takeCommitted);
    rows.forEach((_, cells) -> replacement.add(cells));
    anew.since().buckets().forEach((_, cells) -> replacement.add(cells));
    replacement.install(watermark);
    return replacement.blocked;
  }

  /** A session as a commit has it, without its values. */
  private record Committed(GoneCell cell, Taken times) {}

  private List<Committed> committed(SessionParts parts) {
    List<Committed> committed = new ArrayList<>();
    source()
        .scan(
            id(),
            Level.BASE,
            bucket(parts.from()),
            parts.to(),
            (bucket, block) ->
                CellBlock.read(
                    block,
                    (bytes, keyFrom, keyLength, from, length) -> {
                      byte[] key = Arrays.copyOfRange(bytes, keyFrom, keyFrom + keyLength);
                      if (length != CellBlock.GONE
                          && parts.has(Replacement.series(key), SeriesKey.start(key))) {
                        ByteReader in = new ByteReader(bytes, from, length);
                        long late = in.getVarint();
                        Taken times = new Taken(in.getLong(), in.getLong(), late);
                        committed.add(new Committed(new GoneCell(bucket, key), times));
                      }
                    }));
    return committed;
  }

  private long bucket(long micros) {
    return micros == Long.MIN_VALUE ? micros : Math.floorDiv(micros, size) * size;
  }

  /** What takes the place of some sessions. */
  private final class Replacement {
    private final SessionParts parts;
    private final Sessions fresh = new Sessions(plan(), layout(), (_, _) -> {});
    private final Collection<byte[]> blocked = SessionStretch.keys();
    private final TreeMap<byte[], List<Taken>> taken = new TreeMap<>(Arrays::compareUnsigned);
    private final Collection<byte[]> goneBefore = SessionStretch.keys();

    Replacement(SessionParts parts) {
      this.parts = parts;
    }

    private static byte[] series(byte[] key) {
      return Arrays.copyOf(key, key.length - Long.BYTES);
    }

    private boolean concerns(byte[] series, long first) {
      return parts.has(series, first) && !blocked.contains(series);
    }

    void check(Session session) {
      if (!session.isGone()) {
        check(session, 0);
      }
    }

    /** What came since may belong to sessions on both sides of an end, of which one is not here. */
    void checkEnds(Session session) {
      check(session, gap);
    }

    private void check(Session session, long around) {
      byte[] series = series(session.cells().key(session.slot()));
      if (parts.isCrossedBy(series, session.first() - around, session.last() + around)) {
        blocked.add(series);
      }
    }

    void takeKept(Session session) {
      if (concerns(session)) {
        others -= isOther(session) ? 1 : 0;
        sessions.unlink(session);
        take(session);
      }
    }

    void takeLeaving(Session session) {
      if (!session.isGone() && concerns(session)) {
        take(session);
      }
    }

    private boolean concerns(Session session) {
      return concerns(series(session.cells().key(session.slot())), session.first());
    }

    private void take(Session session) {
      Cells cells = session.cells();
      int slot = session.slot();
      Taken times = new Taken(cells.first(slot), cells.last(slot), cells.late(slot));
      take(cells.key(slot), times);
      sessions.removeCell(session);
    }

    private void take(byte[] key, Taken times) {
      taken.computeIfAbsent(series(key), _ -> new ArrayList<>()).add(times);
    }

    void noteGone(GoneCell cell) {
      if (cell.bucket() >= bucket(parts.from()) && cell.bucket() < parts.to()) {
        goneBefore.add(cell.key());
      }
    }

    void takeCommitted(Committed session) {
      byte[] key = session.cell().key();
      // A commit may have what is gone already, for the next one is not there yet.
      if (concerns(series(key), session.times().first) && goneBefore.add(key)) {
        take(key, session.times());
        gone.add(session.cell());
        sessions.cells(session.cell().bucket()).remove(key);
      }
    }

    void add(Cells source) {
      // Copies: the rows may be laid out otherwise, and events go on being kept apart.
      Cells cells =
          decode(source.encode(slot -> concerns(series(source.key(slot)), source.first(slot))));
      for (int slot : cells.sorted()) {
        byte[] series = series(cells.key(slot));
        int number = fresh.series(series, 0, series.length);
        Session session = fresh.join(number, cells.first(slot), cells.last(slot));
        layout().merge(session.cells(), session.slot(), cells, slot);
      }
    }

    void install(long watermark) {
      fresh
          .buckets()
          .forEach(
              (bucket, cells) -> {
                for (int slot : cells.sorted()) {
                  byte[] key = cells.key(slot);
                  long closed = cells.last(slot) + gap <= watermark ? 1 : 0;
                  cells.setLate(slot, closed + late(key, cells.first(slot), cells.last(slot)));
                  install(bucket, key, cells, slot);
                }
              });
    }

    /** What was late in the sessions that this one takes the place of. */
    private long late(byte[] key, long first, long last) {
      long late = 0;
      for (Taken old : taken.getOrDefault(series(key), List.of())) {
        if (!old.isCounted && first <= old.last && last >= old.first) {
          late += old.late;
          old.isCounted = true;
        }
      }
      return late;
    }

    private void install(long bucket, byte[] key, Cells from, int fromSlot) {
      Cells cells = sessions.cells(bucket);
      int slot = cells.slot(key, 0, key.length);
      layout().merge(cells, slot, from, fromSlot);
      Session session = sessions.adopt(bucket, cells, slot);
      others += isOther(session) ? 1 : 0;
      look(session);
    }
  }

  /** A session that was taken away. */
  private static final class Taken {
    private final long first;
    private final long last;
    private final long late;
    private boolean isCounted;

    Taken(long first, long last, long late) {
      this.first = first;
      this.last = last;
      this.late = late;
    }
  }
}
