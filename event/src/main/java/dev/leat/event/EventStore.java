package dev.leat.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The promise that rows can be queried as soon as they are published, and that what was committed
 * survives: rows, the state that belongs to them and the position they reach become durable
 * together or not at all.
 *
 * <p>One thread at a time writes through the {@link Intake}; commits come from one thread at a
 * time; queries and everything else from any number.
 */
public interface EventStore extends AutoCloseable {
  /** Where processing continues after the last commit: the first offset it has not yet stored. */
  long committed();

  /** What the last commit was given to keep beside the rows; empty before the first. */
  byte[] state();

  /**
   * The commits that {@link #rollback} can go back to, the newest first; the first is the present
   * one. At least three with states of their own are kept, once there were so many.
   */
  List<Version> versions();

  /**
   * Makes an older version the present one, with its rows, its fields, its state and its position:
   * a commit of its own, durable when this returns, with a number that was never used. The versions
   * after that one are gone. Only before anything else is done with the store: what was asked of it
   * earlier, its {@link #intake} included, must not be used any more.
   *
   * @param version one of {@link #versions}, or 0 for the beginning, when there was nothing
   * @throws IllegalArgumentException if there is no such version
   * @throws IllegalStateException if rows were written already
   */
  Commit rollback(long version);

  /** Makes a table, or changes how one is shown. Durable with the next commit. */
  void define(TableSpec spec);

  /** All tables, by name; those that no definition names any more as well. */
  List<TableSpec> tables();

  /**
   * The fields of a table's data, as recorded with the last commit and as they grow.
   *
   * @throws IllegalArgumentException if there is no such table
   */
  DataSchema schema(String table);

  /**
   * Lets statements name these tables too, from now on. A table of the store's own with the same
   * name goes first.
   */
  void provide(ProvidedTables tables);

  /**
   * Why a view can't be kept up to date as it wishes, for who wrote it; empty if it can. Changes
   * nothing.
   *
   * @param before the views it may name
   */
  String refusal(ViewSpec view, List<ViewSpec> before);

  /** Keeps these views, in their order, and no others, from now on. */
  void materialise(List<ViewSpec> views);

  /** How the views are, by name. */
  List<ViewSpec.Status> views();

  /** The way in for rows. There is one, and it has one writer. */
  Intake intake();

  /**
   * Seals the rows of the cut and makes them durable together with the offset they reach and the
   * state that belongs to it. Blocks; rows stay queryable throughout, and new ones may be written
   * meanwhile.
   */
  Commit commit(Cut cut, byte[] state) throws InterruptedException;

  /** How many rows each table has had, at one offset. */
  Tally tally();

  /**
   * Waits until every event below {@code nextOffset} shows in queries; false if that did not happen
   * in time. An offset the log has not reached is waited for likewise.
   */
  boolean awaitVisible(long nextOffset, Duration patience) throws InterruptedException;

  /** The offset below which every event shows in queries. */
  long visibleOffset();

  /**
   * Runs one read-only statement and hands its rows to the receiver, which is called on the
   * caller's thread. Never lets a statement see anything but the tables.
   */
  Answer query(Question question, Receiver receiver) throws InterruptedException;

  /** What operators need to know. */
  Status status();

  /** Rows that were committed and show no more, because their file is damaged or gone. */
  default List<LostRows> lost() {
    return List.of();
  }

  /**
   * Stops queries and background work. What was not committed is gone, and will be read from the
   * log again.
   */
  @Override
  void close();

  /** Rows on their way in. For one thread. */
  interface Intake {
    /**
     * A chunk with room for at least one more row.
     *
     * @throws IllegalArgumentException if there is no such table
     */
    RowChunk chunk(String table, int shard);

    /**
     * Shows all rows ended so far, and says that everything below {@code nextOffset} was dealt
     * with.
     */
    void publish(long nextOffset);

    /** Ends the present chunks: everything published since the last cut, for a commit. */
    Cut cut();

    /** Log bytes of the rows that no commit holds yet: what back-pressure goes by. */
    long uncommittedBytes();
  }

  /**
   * Consecutive rows of all tables that go into one commit, reaching up to {@code nextOffset}.
   *
   * @param fields of each table, as they were at the cut: which fields a table has decides where
   *     the values of later events go, so after a crash it must have those of the position it goes
   *     on from, and no others
   */
  record Cut(List<TableChunk> chunks, long nextOffset, Map<String, List<DataSchema.Entry>> fields) {
    public Cut {
      chunks = List.copyOf(chunks);
      fields = Map.copyOf(fields);
    }
  }

  /** A chunk and the table it belongs to. */
  record TableChunk(String table, RowChunk chunk) {}

  /**
   * Rows of every table that were published up to an offset, those that retention has removed since
   * included. Counted from the files and chunks that are there, not while they were written.
   */
  record Tally(long nextOffset, Map<String, Long> rows) {
    public Tally {
      rows = Map.copyOf(rows);
    }
  }

  /**
   * Every way a commit can end. After a failure the rows stay in memory and the same cuts can be
   * committed again.
   */
  sealed interface Commit {
    /** Durable; the version counts commits. */
    record Done(long version, long rows, long fileBytes) implements Commit {}

    /** Not durable; the reason says what to do. */
    record Failed(String reason) implements Commit {}
  }

  /**
   * A commit that can be gone back to.
   *
   * @param version its number; that of a merge, if files were only merged after it
   * @param nextOffset where processing continues after it
   * @param state what it was given to keep
   * @param at when it was made; null if an earlier version of the store did not say
   * @param rows that all tables had had by then, those that retention had removed included
   */
  @SuppressWarnings("ArrayRecordComponent") // Opaque bytes.
  record Version(long version, long nextOffset, byte[] state, @Nullable Instant at, long rows) {}

  /**
   * A statement and its bounds.
   *
   * @param parameters values for the statement's question marks: strings, numbers, booleans or null
   */
  record Question(
      String sql, List<@Nullable Object> parameters, Duration timeLimit, long maxRows) {}

  /** Takes what a statement yields. */
  interface Receiver {
    /** Comes once, before the rows. */
    void columns(List<ColumnInfo> columns);

    /**
     * One row. Values are null, Boolean, Long, Double, BigInteger, BigDecimal, String, Instant,
     * LocalDate, LocalTime, LocalDateTime, byte[], {@code List<Object>} or {@code Map<String,
     * Object>} of such.
     */
    void row(@Nullable Object[] values);
  }

  /** A column of a result; the type is its SQL name. */
  record ColumnInfo(String name, String type) {}

  /**
   * How fresh and how whole a result is: every event below {@code visibleOffset} was looked at,
   * except where the rows of a view were read.
   *
   * @param views those that the statement read, by name, as they were then
   */
  record Freshness(long visibleOffset, long commitVersion, Map<String, ViewSpec.Status> views) {
    public Freshness {
      views = Map.copyOf(views);
    }

    /** Of a result that no view had a part in. */
    public Freshness(long visibleOffset, long commitVersion) {
      this(visibleOffset, commitVersion, Map.of());
    }
  }

  /** Every way a statement can end. */
  sealed interface Answer {
    /** {@code truncated} if the row limit cut the result off. */
    record Rows(long rows, boolean truncated, Freshness freshness) implements Answer {}

    /** The statement is wrong, or not allowed; the message is for who wrote it. */
    record Refused(Reason reason, String message) implements Answer {}
  }

  /** Why a statement was refused. */
  enum Reason {
    /** It does not parse, or names what is not there. */
    INVALID,
    /** It reaches for more than the tables. */
    FORBIDDEN,
    /** It ran into its time limit. */
    TIMEOUT,
    /** It needs more memory than a query may take. */
    MEMORY,
    /** Too many statements are running. */
    BUSY,
    /** It failed through no fault of who wrote it. */
    FAILED
  }

  /**
   * How the store is.
   *
   * @param detail in words for the operator; empty if all is well
   * @param sealedRows rows in files
   * @param hotRows rows in memory only
   * @param tables the same per table, by name
   */
  record Status(
      boolean healthy,
      String detail,
      long sealedRows,
      long hotRows,
      int files,
      long fileBytes,
      long commitVersion,
      List<TableStatus> tables) {
    public Status {
      tables = List.copyOf(tables);
    }
  }

  /**
   * Rows of a table that were in one file, of events at positions of the log between two, both
   * included.
   */
  record LostRows(String table, long rows, long minOffset, long maxOffset) {}

  /**
   * What one table holds.
   *
   * @param sealedRows rows in files
   * @param hotRows rows in memory only
   * @param payloadBytes what the rows in files took in the log
   */
  record TableStatus(
      String name, long sealedRows, long hotRows, int files, long fileBytes, long payloadBytes) {}
}
