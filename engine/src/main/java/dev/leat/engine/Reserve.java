package dev.leat.engine;

import dev.leat.event.Disk;
import dev.leat.event.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Room on the disk for what was accepted already: a file that is worth nothing but its size. When a
 * commit fails and the disk is short of room, the file is given up and the commit gets its blocks;
 * when there is room again, a thread of its own takes it again. While the disk has less room than
 * the reserve and a little more, {@link #refusal} says why no event should be accepted. Any thread.
 *
 * <p>What counts is the free space and what the file holds together, so that giving it up does not
 * look like room for new events.
 */
final class Reserve implements Runnable {
  static final String NAME = "reserve";
  private static final System.Logger LOG = System.getLogger(Reserve.class.getName());
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  /** In steps, because a force of the log waits for what others have given to the disk. */
  private static final int STEP_BYTES = 4 << 20;

  /** What else has to be free: small files, names, and what others take between two looks. */
  private static final int REST_DIVISOR = 4;

  private static final int MIB = 1 << 20;

  private final Disk disk;
  private final long bytes;
  private final StopSignal stop;
  private final ReentrantLock lock = new ReentrantLock();
  private long held; // guarded by lock
  private String trouble = ""; // guarded by lock
  private volatile String refusal = "";

  /**
   * @param bytes how much to hold
   */
  Reserve(Disk disk, long bytes, Threads threads) {
    this.disk = disk;
    this.bytes = bytes;
    this.stop = new StopSignal(threads);
  }

  /** Takes what an earlier run has held, and looks whether there is room for events. */
  void open() {
    lock.lock();
    try {
      held = disk.exists(NAME) ? size() : 0;
      if (held > bytes) {
        drop();
      }
    } catch (IOException failed) {
      report("the disk's reserve can't be opened", failed);
    } finally {
      lock.unlock();
    }
    look();
  }

  private long size() throws IOException {
    try (Disk.File file = disk.open(NAME)) {
      return file.size();
    }
  }

  @Override
  public void run() {
    try {
      while (!stop.await(LOOK_EVERY)) {
        boolean more = true;
        while (more && !stop.isGiven()) {
          more = look();
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks once and takes a step of room if there is any to take; whether it took one. */
  boolean look() {
    lock.lock();
    try {
      long free = disk.freeBytes();
      boolean room = free + held >= bytes + bytes / REST_DIVISOR;
      refuse(
          room
              ? ""
              : "the disk has %d MB free beside %d MB kept to store what was accepted, and needs %d MB more: make room, Leat goes on by itself"
                  .formatted(
                      free / MIB,
                      held / MIB,
                      (bytes + bytes / REST_DIVISOR - held - free) / MIB + 1));
      if (!room || held >= bytes) {
        trouble = "";
        return false;
      }
      grow();
      return true;
    } catch (IOException failed) {
      report("the disk's reserve can't be taken", failed);
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void refuse(String reason) {
    if (!reason.isEmpty() && refusal.isEmpty()) {
      LOG.log(Level.WARNING, "events are refused: {0}", reason);
    } else if (reason.isEmpty() && !refusal.isEmpty()) {
      LOG.log(Level.INFO, "there is room again, events are accepted");
    }
    refusal = reason;
  }

  private void grow() throws IOException {
    try (Disk.File file = disk.open(NAME)) {
      long size = Math.min(bytes, held + STEP_BYTES);
      file.allocate(size);
      file.force();
      held = size;
    } catch (IOException failed) {
      // After a failed force nobody knows what the file has: a new one is begun at the next look.
      drop();
      throw failed;
    }
  }

  private void drop() throws IOException {
    disk.delete(NAME);
    held = 0;
  }

  /**
   * Gives the reserve to a commit that failed, if the disk is short of room; whether it did, so
   * that the commit is worth another try at once.
   */
  boolean giveUp() {
    lock.lock();
    try {
      if (held == 0 || disk.freeBytes() >= bytes) {
        return false;
      }
      LOG.log(
          Level.WARNING,
          "the disk is full: the {0} MB held in reserve are given to the commit",
          Long.toString(held / MIB));
      drop();
      return true;
    } catch (IOException failed) {
      report("the disk's reserve can't be given up", failed);
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void report(String what, IOException failed) {
    String now = what + ": " + failed.getMessage();
    if (!now.equals(trouble)) {
      LOG.log(Level.WARNING, "{0}; it is tried again", now);
    }
    trouble = now;
  }

  /** Why no event should be accepted; empty if there is room. */
  String refusal() {
    return refusal;
  }

  void stop() {
    stop.give();
  }
}
