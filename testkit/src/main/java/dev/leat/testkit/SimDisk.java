package dev.leat.testkit;

import dev.leat.event.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
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
 *       where the file had not reached. A sector is never torn, and one that was not written never
 *       changes. A size that grew may or may not have.
 *   <li>Each creation, rename and removal since the directory's last force happens or doesn't, on
 *       its own; a rename is whole. Directories themselves are durable at once.
 *   <li>{@link #kill} is the death of the process alone: everything written stays.
 *   <li>{@link #cutPowerAfter} stops the world before the nth change of the disk: that call and all
 *       later ones fail until {@link #crash} or {@link #kill}. A write that it meets may have
 *       happened in part.
 *   <li>{@link #failWrite}: the nth write fails; some sectors at its beginning may be written.
 *   <li>{@link #failForce}: the nth force fails, and as on real systems what it should have written
 *       counts as clean afterwards: it can be read, later forces succeed, and a power cut loses it.
 *   <li>{@link #capacity} bounds the bytes of all files; beyond it writing and allocating fail.
 *   <li>{@link #corrupt} flips a bit for good, {@link #truncate} shortens a file for good.
 * </ul>
 *
 * <p>Files opened before a crash or kill fail ever after, and locks end with it.
 */
public final class SimDisk implements Disk {
  private static final int SECTOR_BYTES = 512;

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

  public synchronized void capacity(long bytes) {
    capacityBytes = bytes;
  }

  /** The process dies, the system lives on. */
  public synchronized void kill() {
    life++;
    locks.clear();
    powerChanges = Long.MAX_VALUE;
    writesToFailure = -1;
    forcesToFailure = -1;
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
    new LinkedHashSet<>(left.values()).forEach(file -> file.crash(chance, lossPercent));
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
    SimFile file = existing(name);
    int at = Math.toIntExact(bit / 8);
    file.ensure(at + 1);
    file.bytes[at] ^= (byte) (1 << bit % 8);
    file.durable[at] ^= (byte) (1 << bit % 8);
  }

  /** Shortens a file, on the medium and in memory. */
  public synchronized void truncate(String name, long bytes) {
    existing(name).shorten(bytes);
    existing(name).makeDurable();
  }

  /** The bytes of a file as a process sees them. */
  public synchronized byte[] bytes(String name) {
    SimFile file = existing(name);
    byte[] copy = new byte[(int) file.size];
    System.arraycopy(file.bytes, 0, copy, 0, copy.length);
    return copy;
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
      throw new IOException("the power is off");
    }
    changes++;
    if (changes >= powerChanges) {
      throw new IOException("the power went off");
    }
  }

  private void checkPower() throws IOException {
    if (changes >= powerChanges) {
      throw new IOException("the power is off");
    }
  }

  @Override
  public synchronized File open(String name) throws IOException {
    checkPower();
    SimFile file = names.get(name);
    if (file == null) {
      countChange();
      file = new SimFile();
      names.put(name, file);
      nameChanges.add(new NameChange("", name, file));
    }
    return new Handle(file, life);
  }

  @Override
  public synchronized boolean exists(String name) throws IOException {
    checkPower();
    return names.containsKey(name);
  }

  @Override
  public synchronized List<String> list(String directory) throws IOException {
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
  public synchronized void rename(String from, String to) throws IOException {
    countChange();
    SimFile file = names.remove(from);
    if (file == null) {
      throw new IOException("no such file: " + from);
    }
    names.put(to, file);
    nameChanges.add(new NameChange(from, to, file));
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    countChange();
    SimFile file = names.remove(name);
    if (file != null) {
      nameChanges.add(new NameChange(name, "", file));
    }
  }

  @Override
  public synchronized void forceDirectory(String directory) throws IOException {
    countChange();
    // Only one directory is ever used by what is tested here, so all names are forced together.
    durableNames = new TreeMap<>(names);
    nameChanges.clear();
  }

  @Override
  public synchronized long freeBytes() throws IOException {
    checkPower();
    return Math.max(0, capacityBytes - usedBytes());
  }

  private long usedBytes() {
    return new HashSet<>(names.values()).stream().mapToLong(file -> file.size).sum();
  }

  @Override
  public synchronized AutoCloseable lock(String name) throws IOException {
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

  /** The contents: what processes see, what the medium has, and in which sectors these differ. */
  private static final class SimFile {
    private byte[] bytes = {};
    private byte[] durable = {};
    private long size;
    private long durableSize;
    private final Set<Integer> dirty = new HashSet<>();

    SimFile copy() {
      SimFile copy = new SimFile();
      copy.bytes = bytes.clone();
      copy.durable = durable.clone();
      copy.size = size;
      copy.durableSize = durableSize;
      copy.dirty.addAll(dirty);
      return copy;
    }

    void ensure(long length) {
      if (length > bytes.length) {
        int sectors = Math.toIntExact((length + SECTOR_BYTES - 1) / SECTOR_BYTES);
        bytes = Arrays.copyOf(bytes, sectors * SECTOR_BYTES);
        durable = Arrays.copyOf(durable, sectors * SECTOR_BYTES);
      }
    }

    void put(ByteBuffer from, long position) {
      int length = from.remaining();
      ensure(position + length);
      from.get(bytes, (int) position, length);
      for (long at = position;
          at < position + length;
          at = (at / SECTOR_BYTES + 1) * SECTOR_BYTES) {
        dirty.add((int) (at / SECTOR_BYTES));
      }
      size = Math.max(size, position + length);
    }

    void shorten(long to) {
      if (to < size) {
        Arrays.fill(bytes, (int) to, (int) size, (byte) 0);
        for (long at = to / SECTOR_BYTES; at * SECTOR_BYTES < size; at++) {
          dirty.add((int) at);
        }
        size = to;
      }
    }

    void makeDurable() {
      for (int sector : dirty) {
        System.arraycopy(
            bytes, sector * SECTOR_BYTES, durable, sector * SECTOR_BYTES, SECTOR_BYTES);
      }
      dirty.clear();
      durableSize = size;
    }

    void crash(RandomGenerator chance, int lossPercent) {
      for (int sector : dirty) {
        if (chance.nextInt(100) >= lossPercent) {
          System.arraycopy(
              bytes, sector * SECTOR_BYTES, durable, sector * SECTOR_BYTES, SECTOR_BYTES);
        }
      }
      if (chance.nextInt(100) >= lossPercent) {
        durableSize = size;
      }
      dirty.clear();
      Arrays.fill(durable, (int) durableSize, durable.length, (byte) 0);
      bytes = durable.clone();
      size = durableSize;
    }
  }

  private final class Handle implements File {
    private final SimFile file;
    private final long openedIn;
    private boolean closed;

    Handle(SimFile file, long openedIn) {
      this.file = file;
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
      synchronized (SimDisk.this) {
        check();
        int length = (int) Math.max(0, Math.min(into.remaining(), file.size - position));
        if (length > 0) {
          into.put(file.bytes, (int) position, length);
        }
        return length;
      }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      synchronized (SimDisk.this) {
        check();
        try {
          countChange();
        } catch (IOException powerCut) {
          file.put(from, position);
          throw powerCut;
        }
        long grown = Math.max(0, position + from.remaining() - file.size);
        if (grown > freeBytes()) {
          throw new IOException("No space left on device");
        }
        if (writesToFailure >= 0 && writesToFailure-- == 0) {
          from.limit(from.position() + from.remaining() / 2 / SECTOR_BYTES * SECTOR_BYTES);
          file.put(from, position);
          throw new IOException("Input/output error");
        }
        file.put(from, position);
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (SimDisk.this) {
        check();
        countChange();
        if (forcesToFailure >= 0 && forcesToFailure-- == 0) {
          file.dirty.clear();
          throw new IOException("Input/output error");
        }
        file.makeDurable();
      }
    }

    @Override
    public void allocate(long bytes) throws IOException {
      synchronized (SimDisk.this) {
        check();
        countChange();
        if (bytes - file.size > freeBytes()) {
          throw new IOException("No space left on device");
        }
        file.ensure(bytes);
        file.size = Math.max(file.size, bytes);
      }
    }

    @Override
    public void truncate(long bytes) throws IOException {
      synchronized (SimDisk.this) {
        check();
        countChange();
        file.shorten(bytes);
      }
    }

    @Override
    public long size() throws IOException {
      synchronized (SimDisk.this) {
        check();
        return file.size;
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
