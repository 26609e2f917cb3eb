package dev.leat.trials;

import java.util.Locale;

/**
 * A place in the code of a server where what is durable changes, told by the operation, the name of
 * the file and the thread: a server has no switches for it.
 */
enum Point {
  /** Bytes of events go into the log's segment. */
  APPEND,
  /** They become durable; nobody has been answered yet. */
  APPEND_FORCED,
  /** A new segment is filled, gets its header, and its name. */
  ROLL,
  /** An expired segment loses its name, to be written over. */
  RECYCLE,
  /** New Parquet files and their names become durable. */
  SEAL,
  /** The catalogue takes a commit, or is written anew and renamed. */
  COMMIT,
  /** Files of tables, of the state or of results are merged, by the threads that do so. */
  COMPACT,
  /** Files of the state and of results are written for a commit. */
  CHECKPOINT,
  /** The thread that opens the rooms, before the server answers. */
  RECOVER,
  /** A file is removed. */
  DELETE;

  private static final String SEGMENT = ".segment";

  /** What an operation changes. */
  enum Op {
    WRITE,
    FORCE,
    ALLOCATE,
    TRUNCATE,
    RENAME,
    DELETE,
    CREATE_DIRECTORIES,
    FORCE_DIRECTORY
  }

  /**
   * Where an operation belongs.
   *
   * @param name of the file or directory; the old one for a rename
   * @param opener the thread that opens the rooms
   */
  static Point of(Op op, String name, Thread opener) {
    Thread thread = Thread.currentThread();
    if (thread == opener) {
      return RECOVER;
    }
    if (thread.getName().contains("merge")) {
      return COMPACT;
    }
    if (op == Op.DELETE) {
      return DELETE;
    }
    if (name.startsWith("log")) {
      return log(op, name);
    }
    if (name.startsWith("state") || name.startsWith("cells") || name.startsWith("definitions")) {
      return CHECKPOINT;
    }
    return name.startsWith("tables") || name.startsWith("views") ? SEAL : COMMIT;
  }

  private static Point log(Op op, String name) {
    if (!name.endsWith(SEGMENT)) {
      return ROLL;
    }
    return switch (op) {
      case WRITE -> APPEND;
      case FORCE -> APPEND_FORCED;
      case RENAME -> RECYCLE;
      case ALLOCATE, TRUNCATE, DELETE, CREATE_DIRECTORIES, FORCE_DIRECTORY -> ROLL;
    };
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
