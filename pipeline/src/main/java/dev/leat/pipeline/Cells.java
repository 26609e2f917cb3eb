package dev.leat.pipeline;

import java.util.Arrays;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The results of one bucket: a cell for each series, found by its key. Words and objects stand in
 * arrays, side by side; what they mean is for the {@link CellLayout}. Every cell has a count of
 * late events; one of sessions also its first and last time. For one thread at a time; a {@link
 * #copy} may go to another.
 *
 * <p>A cell has a slot, a number that stays its own until the cell is removed; then another may get
 * it. What was changed since the changes were last encoded is remembered by slot, what was removed
 * by key.
 */
public final class Cells {
  /** The key of the series that takes what is over the cap. */
  static final byte[] OTHER = {(byte) 0xff};

  private static final int FIRST_SLOTS = 8;

  private final CellLayout layout;
  private int maxSeries;
  private final int wordsPerCell;
  private final int objectsPerCell;
  private final KeyTable keys;
  private long[] words;
  private @Nullable Object[] objects;
  private long[] dirty;
  private final TreeSet<byte[]> gone = new TreeSet<>(Arrays::compareUnsigned);

  /** Cells whose keys say that they are over the cap. */
  private int others;

  Cells(CellLayout layout, int maxSeries) {
    this(layout, maxSeries, FIRST_SLOTS);
  }

  /**
   * @param expected how many cells it has room for from the beginning
   */
  Cells(CellLayout layout, int maxSeries, int expected) {
    this.layout = layout;
    this.maxSeries = maxSeries;
    wordsPerCell = layout.words();
    objectsPerCell = layout.objects();
    int room = Math.max(FIRST_SLOTS, expected);
    keys = new KeyTable(layout.secret(), room);
    words = new long[room * wordsPerCell];
    objects = new Object[room * objectsPerCell];
    dirty = new long[(room + 63) >> 6];
  }

  private Cells(Cells original) {
    layout = original.layout;
    maxSeries = original.maxSeries;
    wordsPerCell = original.wordsPerCell;
    objectsPerCell = original.objectsPerCell;
    keys = original.keys.copy();
    words = original.words.clone();
    objects = original.objects.clone();
    dirty = original.dirty.clone();
    gone.addAll(original.gone);
    others = original.others;
    for (int i = 0; i < objects.length; i++) {
      Object object = objects[i];
      if (object != null) {
        objects[i] = layout.copy(i % objectsPerCell, object);
      }
    }
  }

  public int size() {
    return keys.size();
  }

  /** Every slot is below this; not every one has a cell. */
  public int slots() {
    return keys.slots();
  }

  /** Whether a slot below {@link #slots} has a cell. */
  public boolean isTaken(int slot) {
    return keys.isTaken(slot);
  }

  /** The slots that have cells, in the order of their keys. */
  public int[] sorted() {
    return keys.sorted();
  }

  /** The slot of the series that was read last, as {@link #slot(byte[], int, int)} says. */
  int slot(Series series) {
    if (!series.hasNumber()) {
      return slot(series.key(), series.from(), series.length());
    }
    int known = keys.find(series.number());
    if (known >= 0) {
      return known;
    }
    int slot = slot(series.key(), series.from(), series.length());
    if (!isOther(slot)) {
      keys.name(slot, series.number());
    }
    return slot;
  }

  /**
   * The slot of a series, which is made if it is new; that of {@code OTHER} if there is no room.
   * For sessions that is the session over the cap with the same start.
   */
  int slot(byte[] key, int from, int length) {
    int slot = keys.find(key, from, length);
    if (slot >= 0) {
      return slot;
    }
    if (!isFull() || isOther(key, from, length)) {
      return add(key, from, length);
    }
    byte[] other =
        layout.isSession()
            ? SeriesKey.session(OTHER, 0, 1, SeriesKey.start(key, from, length))
            : OTHER;
    int shared = keys.find(other, 0, other.length);
    return shared >= 0 ? shared : add(other, 0, other.length);
  }

  /** Whether another series gets no cell of its own. */
  boolean isFull() {
    return keys.size() - others >= maxSeries;
  }

  /** Whether some cell is one of what is over the cap. */
  boolean hasOthers() {
    return others > 0;
  }

  /** Whether a cell is one of what is over the cap. */
  boolean isOther(int slot) {
    return isOther(keys.bytes(), keys.from(slot), keys.length(slot));
  }

  private boolean isOther(byte[] key, int from, int length) {
    return length == (layout.isSession() ? 1 + Long.BYTES : 1) && key[from] == OTHER[0];
  }

  private int add(byte[] key, int from, int length) {
    int slot = keys.add(key, from, length);
    if ((slot + 1) * wordsPerCell > words.length) {
      words = Arrays.copyOf(words, words.length * 2);
    }
    if ((slot + 1) * objectsPerCell > objects.length) {
      objects = Arrays.copyOf(objects, objects.length * 2);
    }
    if (slot >> 6 >= dirty.length) {
      dirty = Arrays.copyOf(dirty, dirty.length * 2);
    }
    begin(slot);
    if (isOther(key, from, length)) {
      others++;
    }
    if (!gone.isEmpty()) {
      gone.remove(Arrays.copyOfRange(key, from, from + length));
    }
    markDirty(slot);
    return slot;
  }

  private void begin(int slot) {
    Arrays.fill(words, slot * wordsPerCell, (slot + 1) * wordsPerCell, 0);
    layout.begin(this, slot);
  }

  /** Makes a cell what it was when it was new. */
  void clear(int slot) {
    Arrays.fill(objects, slot * objectsPerCell, (slot + 1) * objectsPerCell, null);
    begin(slot);
  }

  /** Changes how many series get a cell; those that have one keep it. */
  void limit(int series) {
    maxSeries = series;
  }

  /** Takes a cell away; {@link #encodeChanges} will say so. */
  void remove(int slot) {
    gone.add(keys.key(slot));
    forget(slot);
  }

  /** The same for the cell of a key, and if there is none, since an older block may have it. */
  void remove(byte[] key) {
    gone.add(key.clone());
    int slot = find(key);
    if (slot >= 0) {
      forget(slot);
    }
  }

  /** Takes a cell away, and {@link #encodeChanges} will not mention it. */
  void forget(int slot) {
    if (isOther(slot)) {
      others--;
    }
    keys.remove(slot);
    dirty[slot >> 6] &= ~(1L << slot);
    Arrays.fill(objects, slot * objectsPerCell, (slot + 1) * objectsPerCell, null);
  }

  /** The slot of a series, or -1. */
  public int find(byte[] key) {
    return keys.find(key, 0, key.length);
  }

  /** The key of a series: its labels, and the start of a session; see {@link SeriesKey}. */
  public byte[] key(int slot) {
    return keys.key(slot);
  }

  /** The slot that the key of a cell has in a table, which gives it one if it has none. */
  int slotOfKey(KeyTable table, int slot) {
    return table.slot(keys.bytes(), keys.from(slot), keys.length(slot));
  }

  /** Events that came behind the end of the bucket, and corrections: what makes revisions. */
  public long late(int slot) {
    return word(slot, CellLayout.LATE);
  }

  void addLate(int slot, long more) {
    setLate(slot, late(slot) + more);
  }

  void setLate(int slot, long late) {
    setWord(slot, CellLayout.LATE, late);
    markDirty(slot);
  }

  /** The time of a session's first event; {@link Long#MAX_VALUE} before there is one. */
  public long first(int slot) {
    return word(slot, CellLayout.FIRST);
  }

  void setFirst(int slot, long micros) {
    setWord(slot, CellLayout.FIRST, micros);
    markDirty(slot);
  }

  /** The time of a session's last event; {@link Long#MIN_VALUE} before there is one. */
  public long last(int slot) {
    return word(slot, CellLayout.LAST);
  }

  void setLast(int slot, long micros) {
    setWord(slot, CellLayout.LAST, micros);
    markDirty(slot);
  }

  long word(int slot, int index) {
    return words[slot * wordsPerCell + index];
  }

  void setWord(int slot, int index, long value) {
    words[slot * wordsPerCell + index] = value;
  }

  void addWord(int slot, int index, long more) {
    words[slot * wordsPerCell + index] += more;
  }

  @Nullable Object object(int slot, int index) {
    return objects[slot * objectsPerCell + index];
  }

  void setObject(int slot, int index, @Nullable Object value) {
    objects[slot * objectsPerCell + index] = value;
  }

  /** Adds all cells of others, those with equal keys to each other, in the order of keys. */
  public void merge(Cells cells) {
    KeyTable from = cells.keys;
    for (int slot : from.sorted()) {
      layout.merge(this, slot(from.bytes(), from.from(slot), from.length(slot)), cells, slot);
    }
  }

  /** The same cells, sharing nothing that changes. */
  public Cells copy() {
    return new Cells(this);
  }

  void markDirty(int slot) {
    dirty[slot >> 6] |= 1L << slot;
  }

  private boolean isDirty(int slot) {
    return (dirty[slot >> 6] & 1L << slot) != 0;
  }

  /** Whether {@link #encodeChanges} would say anything. */
  boolean isDirty() {
    return !gone.isEmpty() || Arrays.stream(dirty).anyMatch(some -> some != 0);
  }

  /** Forgets what was changed, since all of it is known elsewhere. */
  void clearDirty() {
    Arrays.fill(dirty, 0);
    gone.clear();
  }

  /** All cells as a {@link CellBlock}. */
  public byte[] encode() {
    return encode(_ -> true);
  }

  /** The cells of some slots as a {@link CellBlock}. */
  byte[] encode(IntPredicate wanted) {
    int[] slots = Arrays.stream(sorted()).filter(wanted).toArray();
    ByteWriter out = new ByteWriter();
    out.putInt(slots.length);
    for (int slot : slots) {
      encode(slot, out);
    }
    return out.toByteArray();
  }

  /** The cells changed since the last call, as a {@link CellBlock}; empty if there are none. */
  byte[] encodeChanges() {
    ByteWriter out = new ByteWriter();
    out.putInt(0);
    int count = gone.size();
    TreeSet<byte[]> removed = new TreeSet<>(gone);
    for (int slot : keys.sorted(this::isDirty)) {
      if (!removed.isEmpty()) {
        encodeGone(removed.headSet(key(slot)), out);
      }
      encode(slot, out);
      count++;
    }
    encodeGone(removed, out);
    out.setInt(0, count);
    clearDirty();
    return out.toByteArray();
  }

  private static void encodeGone(java.util.SortedSet<byte[]> removed, ByteWriter out) {
    for (byte[] key : removed) {
      out.putShort(key.length);
      out.putBytes(key);
      out.putInt(CellBlock.GONE);
    }
    removed.clear();
  }

  private void encode(int slot, ByteWriter out) {
    int length = keys.length(slot);
    out.putShort(length);
    out.putBytes(keys.bytes(), keys.from(slot), length);
    int at = out.length();
    out.putInt(0);
    layout.encode(this, slot, out);
    out.setInt(at, out.length() - at - Integer.BYTES);
  }

  /**
   * The cells of a block.
   *
   * @throws IllegalStateException if the block is no such cells
   */
  public static Cells decode(CellLayout layout, byte[] block) {
    return decode(layout, layout.maxSeries(), block);
  }

  /** The same for another cap; cells of the block that are over it are there all the same. */
  static Cells decode(CellLayout layout, int maxSeries, byte[] block) {
    Cells cells = new Cells(layout, maxSeries);
    CellBlock.read(
        block,
        (bytes, keyFrom, keyLength, from, length) -> {
          if (length != CellBlock.GONE) {
            ByteReader in = new ByteReader(bytes, from, length);
            layout.decode(cells, cells.add(bytes, keyFrom, keyLength), in);
            if (in.remaining() > 0) {
              throw Accumulator.damaged("bytes behind it");
            }
          }
        });
    cells.clearDirty();
    return cells;
  }

  CellLayout layout() {
    return layout;
  }

  /** Heap bytes held, roughly. */
  public long bytes() {
    long objectBytes = 0;
    for (int i = 0; i < objects.length; i++) {
      Object object = objects[i];
      objectBytes += object == null ? 0 : layout.bytes(i % objectsPerCell, object);
    }
    return keys.heapBytes() + 8L * words.length + 4L * objects.length + objectBytes;
  }
}
