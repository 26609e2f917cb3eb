package dev.leat.store;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Walks once over all files after a start, so that damage is known before somebody asks for the
 * rows: newest first, and slowly, to leave the disk to others. At its end it writes down the
 * checksums of files that came without one. On a thread of its own.
 */
final class FilePatrol implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(FilePatrol.class.getName());

  /** Rests four times as long as it works: a fifth of what the disk gives. */
  private static final int REST_FACTOR = 4;

  private final FileCheck check;
  private final Commits commits;
  private final Semaphore stop = new Semaphore(0);
  private final Thread thread;

  FilePatrol(FileCheck check, Commits commits) {
    this.check = check;
    this.commits = commits;
    this.thread = Thread.ofPlatform().daemon().name("leat-file-patrol").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      walk();
    } catch (InterruptedException closing) {
      // It begins again with the next start.
      Thread.currentThread().interrupt();
    }
  }

  private void walk() throws InterruptedException {
    for (FileCheck.Unchecked each : check.unchecked()) {
      long begin = System.nanoTime();
      look(each);
      long rest = REST_FACTOR * (System.nanoTime() - begin);
      if (stop.tryAcquire(rest, TimeUnit.NANOSECONDS)) {
        return;
      }
    }
    note();
  }

  private void look(FileCheck.Unchecked each) {
    try {
      check.look(each);
    } catch (IOException unreadable) {
      LOG.log(Level.WARNING, "a file could not be checked", unreadable);
    }
  }

  /** For tests: what {@link #start} does, now and without rests. */
  void walkNow() {
    check.unchecked().forEach(this::look);
    note();
  }

  private void note() {
    Map<String, Long> computed = check.takeComputed();
    if (computed.isEmpty()) {
      return;
    }
    try {
      commits.note(computed);
    } catch (IOException failed) {
      LOG.log(
          Level.WARNING,
          "checksums of files of an earlier version could not be written down; the next start computes them again",
          failed);
    }
  }

  @Override
  public void close() {
    stop.release();
    StoreParts.awaitEnd(thread);
  }
}
