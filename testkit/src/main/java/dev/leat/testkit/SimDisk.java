package dev.leat.testkit;

import dev.leat.event.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A disk in memory that loses what was not forced. Safe for use by several threads.
 *
 * <p>Fault model, first of all:
 *
 * <ul>
 *   <li>{@link #crash} is a power cut. Each sector of 512 bytes written since the file's last force
 *       is kept or lost on its own, in any combination; a lost one has its old bytes, or zeros
 *       where the file had not reached. With {@link #tearSectors} a lost one may also be torn: its
 *       beginning or its end is new. One that was not written never changes. A size that grew may
 *       or may not have.
 *   <li>Each creation, rename and removal since its directory's last force happens or doesn't, on
 *       its own; a rename is whole. Directories themselves are durable at once.
 *   <li>{@link #kill} is the death of the process alone: everything written stays.
 *   <li>{@link #cutPowerAfter} stops the world before the nth change of the disk: that call and all
 *       later ones fail until {@link #crash} or {@link #kill}. A write that it meets may have
 *       happened in part. With a {@link Gate} these calls need not even return.
 *   <li>{@link #failWrite}: the nth write fails; some sectors at its beginning may be written.
 *   <li>{@link #failForce}: the nth force fails, and as on real systems what it should have written
 *       counts as clean afterwards: it can be read, later forces succeed, and a power cut loses it.
 *   <li>{@link #failRead}: the nth read fails once. {@link #makeBad}: a sector can't be read until
 *       it is written again.
 *   <li>{@link #capacity} bounds the bytes of all files; beyond it writing and allocating fail.
 *   <li>{@link #corrupt} flips a bit for good, {@link #truncate} shortens a file for good. {@link
 *       #makeStale} is a write that was confirmed and did not happen, {@link #misdirect} one that
 *       happened in the wrong place.
 *   <li>A slow force, and any other slow call, is one that its {@link Gate} holds up.
 * </ul>
 *
 * <p>Files opened before a crash or kill fail ever after, and locks end with it.
 */
public final class SimDisk implements Disk {
  private static final int SECTOR_BYTES = SimFile.SECTOR_BYTES;

  /** Nobody is told. */
  private static final Gate OPEN =
      new Gate() {
        @Override
        public void before(String call, String name, int bytes) {}

        @Override
        public void powerOff() {}
      };

  private final Gate gate;
  private TreeMap<String, SimFile> names = new TreeMap<>();
  private TreeMap<String, SimFile> durableNames = new TreeMap<>();
  private final List<NameChange> nameChanges = new ArrayList<>();
  private final Set<String> locks = new HashSet<>();
  private long capacityBytes = Long.MAX_VALUE / 4;
  private long life;
  private long changes;
  private long powerChanges = Long.MAX_VALUE;
  private int writesToFailure = -1;
  private int forcesToFailure = -1;
  private int readsToFailure = -1;
  private boolean tears;

  /** Is told of each call before it happens, on the caller's thread and outside of all locks. */
  public interface Gate {
    /**
     * A call is about to happen; where a simulation lets others go first.
     *
     * @param bytes of a read or a write; 0 for others
     */
    void before(String call, String name, int bytes);

    /** The power went off in a call, or is off; need not return. */
    void powerOff();
  }

  /** The power is off. */
  private static final class PowerOffException extends IOException {
    private static final long serialVersionUID = 1L;

    PowerOffException(String message) {
      super(message);
    }
  }

  @FunctionalInterface
  private interface Call<T> {
    T run() throws IOException;
  }

  /** A disk that nobody watches. */
  public SimDisk() {
    this(OPEN);
  }

  /** A disk whose calls pass a gate. */
  public SimDisk(Gate gate) {
    this.gate = gate;
  }

  private <T> T pass(String what, String name, int bytes, Call<T> call) throws IOException {
    gate.before(what, name, bytes);
    try {
      synchronized (this) {
        return call.run();
      }
    } catch (PowerOffException off) {
      gate.powerOff();
      throw off;
    }
  }

  private record NameChange(String from, String to, SimFile file) {}

  /**
   * Lets the nth change of the disk from now on, and all after it, fail as if the machine had
   * stopped.
   */
  public synchronized void cutPowerAfter(long changesFromNow) {
    powerChanges = changes + changesFromNow;
  }

  /** Changes of the disk so far: writes, forces, allocations, truncations, and changes of names. */
  public synchronized long changes() {
    return changes;
  }

  /** Whether {@link #cutPowerAfter} has struck. */
  public synchronized boolean isPowerCut() {
    return changes >= powerChanges;
  }

  /** Lets the nth write from now on fail once; 0 is the next. */
  public synchronized void failWrite(int writesFromNow) {
    writesToFailure = writesFromNow;
  }

  /** Lets the nth force from now on fail once; 0 is the next. */
  public synchronized void failForce(int forcesFromNow) {
    forcesToFailure = forcesFromNow;
  }

  /** Lets the nth read from now on fail once; 0 is the next. */
  public synchronized void failRead(int readsFromNow) {
    readsToFailure = readsFromNow;
  }

  public synchronized void capacity(long bytes) {
    capacityBytes = bytes;
  }

  /** Leaves room for so many bytes more than there are now. */
  public synchronized void fill(long leftBytes) {
    capacityBytes = usedBytes() + leftBytes;
  }

  /** Whether a crash may leave sectors in part as they were and in part as they should be. */
  public synchronized void tearSectors(boolean torn) {
    tears = torn;
  }

  /** The names of all files, sorted. */
  public synchronized List<String> files() {
    return List.copyOf(names.keySet());
  }

  /** How many sectors a file has. */
  public synchronized int sectors(String name) {
    return existing(name).sectors();
  }

  /** Lets reads of a sector fail until it is written again. */
  public synchronized void makeBad(String name, int sector) {
    existing(name).makeBad(sector);
  }

  /** Puts back what a sector had before it was last forced; false if nothing is known of that. */
  public synchronized boolean makeStale(String name, int sector) {
    return existing(name).makeStale(sector);
  }

  /** Lets what should have gone into one sector be in another, and not where it should. */
  public synchronized void misdirect(String name, int sector, String intoName, int intoSector) {
    byte[] content = existing(name).get(sector);
    boolean _ = existing(name).makeStale(sector);
    existing(intoName).set(intoSector, content);
  }

  /** The process dies, the system lives on. */
  public synchronized void kill() {
    life++;
    locks.clear();
    powerChanges = Long.MAX_VALUE;
    writesToFailure = -1;
    forcesToFailure = -1;
    readsToFailure = -1;
  }

  /**
   * The power is cut and comes back. How much gets lost is drawn too: nothing and everything are
   * not rare.
   */
  public synchronized void crash(RandomGenerator chance) {
    kill();
    int lossPercent = new int[] {0, 10, 50, 90, 100}[chance.nextInt(5)];
    TreeMap<String, SimFile> left = new TreeMap<>(durableNames);
    for (NameChange change : nameChanges) {
      if (chance.nextInt(100) >= lossPercent) {
        change(left, change);
      }
    }
    nameChanges.clear();
    names = left;
    durableNames = new TreeMap<>(left);
    // In the order of their names, so that a seed always loses the same.
    new LinkedHashSet<>(left.values()).forEach(file -> file.crash(chance, lossPercent, tears));
  }

  private static void change(Map<String, SimFile> names, NameChange change) {
    if (change.from.isEmpty()) {
      names.put(change.to, change.file);
    } else if (names.get(change.from) == change.file) {
      names.remove(change.from);
      if (!change.to.isEmpty()) {
        names.put(change.to, change.file);
      }
    }
  }

  /** Flips one bit of a file, on the medium and in memory. */
  public synchronized void corrupt(String name, long bit) {
    existing(name).flip(bit);
  }

  /** Shortens a file, on the medium and in memory. */
  public synchronized void truncate(String name, long bytes) {
    existing(name).shorten(bytes);
    existing(name).makeDurable();
  }

  /** The bytes of a file as a process sees them. */
  public synchronized byte[] bytes(String name) {
    return existing(name).bytes();
  }

  /** Puts bytes into a file, durable at once. */
  public synchronized void overwrite(String name, byte[] with, long position) {
    SimFile file = existing(name);
    file.put(ByteBuffer.wrap(with), position);
    file.makeDurable();
  }

  /** A disk of its own with the same durable and unforced contents. */
  public synchronized SimDisk copy() {
    SimDisk copy = new SimDisk();
    Map<SimFile, SimFile> copies = new HashMap<>();
    names.forEach(
        (name, file) -> copy.names.put(name, copies.computeIfAbsent(file, SimFile::copy)));
    durableNames.forEach(
        (name, file) -> copy.durableNames.put(name, copies.computeIfAbsent(file, SimFile::copy)));
    for (NameChange change : nameChanges) {
      copy.nameChanges.add(
          new NameChange(
              change.from, change.to, copies.computeIfAbsent(change.file, SimFile::copy)));
    }
    copy.capacityBytes = capacityBytes;
    return copy;
  }

  private SimFile existing(String name) {
    SimFile file = names.get(name);
    if (file == null) {
      throw new IllegalArgumentException("no file " + name + " among " + names.keySet());
    }
    return file;
  }

  private void countChange() throws IOException {
    if (changes >= powerChanges) {
      throw new PowerOffException("the power is off");
    }
    changes++;
    if (changes >= powerChanges) {
      throw new PowerOffException("the power went off");
    }
  }

  private void checkPower() throws IOException {
    if (changes >= powerChanges) {
      throw new PowerOffException("the power is off");
    }
  }

  @Override
  public File open(String name) throws IOException {
    return pass("open", name, 0, () -> opened(name));
  }

  private File opened(String name) throws IOException {
    checkPower();
    SimFile file = names.get(name);
    if (file == null) {
      countChange();
      file = new SimFile();
      names.put(name, file);
      nameChanges.add(new NameChange("", name, file));
    }
    return new Handle(file, name, life);
  }

  @Override
  public boolean exists(String name) throws IOException {
    return pass(
        "exists",
        name,
        0,
        () -> {
          checkPower();
          return names.containsKey(name);
        });
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return pass("list", directory, 0, () -> listed(directory));
  }

  private List<String> listed(String directory) throws IOException {
    checkPower();
    String prefix = directory + "/";
    return names.keySet().stream()
        .filter(name -> name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0)
        .map(name -> name.substring(prefix.length()))
        .toList();
  }

  @Override
  public void createDirectories(String directory) {
    // Durable at once, and known by the names of the files in them.
  }

  @Override
  public void rename(String from, String to) throws IOException {
    pass("rename", from, 0, () -> renamed(from, to));
  }

  private boolean renamed(String from, String to) throws IOException {
    countChange();
    SimFile file = names.remove(from);
    if (file == null) {
      throw new IOException("no such file: " + from);
    }
    names.put(to, file);
    nameChanges.add(new NameChange(from, to, file));
    return true;
  }

  @Override
  public void delete(String name) throws IOException {
    pass("delete", name, 0, () -> deleted(name));
  }

  private boolean deleted(String name) throws IOException {
    countChange();
    SimFile file = names.remove(name);
    if (file != null) {
      nameChanges.add(new NameChange(name, "", file));
    }
    return file != null;
  }

  @Override
  public void forceDirectory(String directory) throws IOException {
    pass("forceDirectory", directory, 0, () -> forcedDirectory(directory));
  }

  private boolean forcedDirectory(String directory) throws IOException {
    countChange();
    for (Iterator<NameChange> all = nameChanges.iterator(); all.hasNext(); ) {
      NameChange each = all.next();
      String name = each.from.isEmpty() ? each.to : each.from;
      if (directoryOf(name).equals(directory)) {
        change(durableNames, each);
        all.remove();
      }
    }
    return true;
  }

  private static String directoryOf(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('/')));
  }

  @Override
  public long freeBytes() throws IOException {
    return pass(
        "freeBytes",
        "",
        0,
        () -> {
          checkPower();
          return free();
        });
  }

  private long free() {
    return Math.max(0, capacityBytes - usedBytes());
  }

  private long usedBytes() {
    long bytes = 0;
    for (SimFile file : names.values()) { // Each has one name.
      bytes += file.size();
    }
    return bytes;
  }

  @Override
  public AutoCloseable lock(String name) throws IOException {
    return pass("lock", name, 0, () -> locked(name));
  }

  private AutoCloseable locked(String name) throws IOException {
    checkPower();
    if (!locks.add(name)) {
      throw new IOException(name + " is in use by another Leat: stop it");
    }
    long lockedIn = life;
    return () -> unlock(name, lockedIn);
  }

  private synchronized void unlock(String name, long lockedIn) {
    if (lockedIn == life) {
      locks.remove(name);
    }
  }

  private final class Handle implements File {
    private final SimFile file;
    private final String name;
    private final long openedIn;
    private volatile boolean closed;

    Handle(SimFile file, String name, long openedIn) {
      this.file = file;
      this.name = name;
      this.openedIn = openedIn;
    }

    private void check() throws IOException {
      checkPower();
      if (closed || openedIn != life) {
        throw new ClosedChannelException();
      }
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return pass(
          "read",
          name,
          into.remaining(),
          () -> {
            check();
            int length =
                readsToFailure >= 0 && readsToFailure-- == 0 ? -1 : file.read(into, position);
            if (length < 0) {
              throw new IOException("Input/output error");
            }
            return length;
          });
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      pass("write", name, from.remaining(), () -> written(from, position));
    }

    private boolean written(ByteBuffer from, long position) throws IOException {
      check();
      try {
        countChange();
      } catch (IOException powerCut) {
        file.put(from, position);
        throw powerCut;
      }
      long grown = Math.max(0, position + from.remaining() - file.size());
      if (grown > 0 && grown > free()) {
        throw new IOException("No space left on device");
      }
      if (writesToFailure >= 0 && writesToFailure-- == 0) {
        from.limit(from.position() + from.remaining() / 2 / SECTOR_BYTES * SECTOR_BYTES);
        file.put(from, position);
        throw new IOException("Input/output error");
      }
      file.put(from, position);
      return true;
    }

    @Override
    public void force() throws IOException {
      pass("force", name, 0, this::forced);
    }

    private boolean forced() throws IOException {
      check();
      countChange();
      if (forcesToFailure >= 0 && forcesToFailure-- == 0) {
        file.forgetDirty();
        throw new IOException("Input/output error");
      }
      file.makeDurable();
      return true;
    }

    @Override
    public void allocate(long bytes) throws IOException {
      pass("allocate", name, 0, () -> allocated(bytes));
    }

    private boolean allocated(long bytes) throws IOException {
      check();
      countChange();
      if (bytes - file.size() > free()) {
        throw new IOException("No space left on device");
      }
      file.grow(bytes);
      return true;
    }

    @Override
    public void truncate(long bytes) throws IOException {
      pass("truncate", name, 0, () -> truncated(bytes));
    }

    private boolean truncated(long bytes) throws IOException {
      check();
      countChange();
      file.shorten(bytes);
      return true;
    }

    @Override
    public long size() throws IOException {
      return pass(
          "size",
          name,
          0,
          () -> {
            check();
            return file.size();
          });
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
