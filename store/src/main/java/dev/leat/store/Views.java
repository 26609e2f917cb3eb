package dev.leat.store;

import dev.leat.event.ViewSpec;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the results of views up to date on a thread of its own, one view at a time, in an engine of
 * its own. A view that follows events is looked at about once a second, and less often if that
 * takes long.
 */
final class Views implements AutoCloseable {
  private static final long FOLLOW_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long AFTER_FAILURE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long LOOK_AGAIN_MILLIS = 200;

  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** A view that follows events takes at most a fifth of the time. */
  private static final int PAUSE_FACTOR = 4;

  private final ViewShelf shelf;
  private final ViewFiles files;
  private final ViewBuilder builder;
  private final Supplier<?> state;
  private final SqlErrors errors;
  private final Semaphore wake = new Semaphore(0);
  private final Map<ViewSpec, Long> due = new HashMap<>(); // guarded by this
  private final Map<ViewSpec, Object> seen = new HashMap<>(); // guarded by this: state before
  private final Map<String, String> logged = new HashMap<>(); // guarded by this: by view
  private final AtomicBoolean loaded = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Views of a store.
   *
   * @param state changes whenever rows come or go
   */
  Views(
      ViewShelf shelf, ViewFiles files, ViewBuilder builder, Supplier<?> state, SqlErrors errors) {
    this.shelf = shelf;
    this.files = files;
    this.builder = builder;
    this.state = state;
    this.errors = errors;
    this.thread = Thread.ofPlatform().daemon().name("leat-views").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Keeps these views from now on, and what there is of them. */
  void set(List<ViewSpec> specs) {
    Set<String> names = new HashSet<>();
    for (ViewSpec spec : specs) {
      if (!names.add(spec.name())) {
        throw new IllegalArgumentException("there are two views called " + spec.name());
      }
    }
    try {
      // Once: later there may be files that are being written or read and that no note names.
      Map<String, ViewResult> found = loaded.getAndSet(true) ? Map.of() : files.load();
      found.keySet().stream().filter(view -> !names.contains(view)).forEach(files::forget);
      shelf.names().stream().filter(view -> !names.contains(view)).forEach(files::forget);
      shelf.set(specs, found);
    } catch (IOException unreadable) {
      System.getLogger(Views.class.getName())
          .log(System.Logger.Level.WARNING, "views are computed anew", unreadable);
      shelf.set(specs, Map.of());
    }
    wake.release();
  }

  private void run() {
    try {
      while (!closed) {
        boolean any = !shelf.all().isEmpty();
        wake.tryAcquire(any ? LOOK_AGAIN_MILLIS : Long.MAX_VALUE, TimeUnit.MILLISECONDS);
        wake.drainPermits();
        turn();
      }
    } catch (InterruptedException closing) {
      closed = true;
    }
  }

  /** Whatever happens in it, there is a next one. */
  private void turn() {
    try {
      refreshDue();
    } catch (RuntimeException | StackOverflowError failure) {
      log("", String.valueOf(failure), "views could not be brought up to date", failure);
    }
  }

  private synchronized void refreshDue() {
    List<ViewSpec> specs = shelf.all().stream().map(ViewShelf.Entry::spec).toList();
    due.keySet().retainAll(specs);
    seen.keySet().retainAll(specs);
    Set<String> names = Set.copyOf(shelf.names());
    logged.keySet().removeIf(view -> !view.isEmpty() && !names.contains(view));
    for (ViewSpec spec : specs) {
      long start = System.nanoTime();
      if (shelf.takeDamaged(spec.name())) {
        due.remove(spec);
        seen.remove(spec);
      }
      Long next = due.get(spec);
      if (closed) {
        return;
      }
      if (next == null || next - start <= 0) {
        boolean well = follow(spec);
        due.put(spec, start + pause(spec, System.nanoTime() - start, well));
      }
    }
  }

  /** Spares a view that follows events the work while there are none. */
  private synchronized boolean follow(ViewSpec spec) {
    Object now = state.get();
    if (spec.refresh() == null && now.equals(seen.get(spec))) {
      return true;
    }
    boolean well = refresh(spec);
    if (well) {
      seen.put(spec, now);
    }
    return well;
  }

  private static long pause(ViewSpec spec, long tookNanos, boolean well) {
    long shortest = well ? FOLLOW_NANOS : AFTER_FAILURE_NANOS;
    return spec.refresh() == null
        ? Math.max(shortest, PAUSE_FACTOR * tookNanos)
        : Math.max(spec.refresh().toNanos(), tookNanos);
  }

  /** For tests: brings all views up to date, in their order. */
  synchronized void refreshAll() {
    shelf.all().forEach(entry -> refresh(entry.spec()));
  }

  /** Brings a view up to date; false if that failed, so that the old result stays. */
  private synchronized boolean refresh(ViewSpec spec) {
    try (ViewShelf.Lease old = shelf.lease(List.of(spec.name()))) {
      ViewResult base = old.results().get(spec.name());
      if (base != null && !shelf.isSound(spec.name(), base)) {
        base = null;
      }
      ViewResult right = base != null && base.select().equals(spec.select()) ? base : null;
      show(spec, right, builder.build(spec, right));
      logged.remove(spec.name());
      return true;
    } catch (SqlRefused refused) {
      failed(spec, refused.text(), refused);
    } catch (SQLException failure) {
      failed(spec, errors.explain(failure).text(), failure);
    } catch (StackOverflowError failure) {
      failed(spec, "its SELECT is nested too deeply", failure);
    } catch (IOException | RuntimeException failure) {
      failed(spec, errors.clean("it could not be computed: " + failure.getMessage()), failure);
    }
    return false;
  }

  private synchronized void failed(ViewSpec spec, String problem, Throwable failure) {
    shelf.problem(spec, problem);
    log(spec.name(), problem, "the view " + spec.name() + " could not be computed", failure);
  }

  /** Logs the same problem once, as long as there is no other. */
  private synchronized void log(String view, String problem, String message, Throwable failure) {
    if (!closed && !problem.equals(logged.put(view, problem))) {
      System.getLogger(Views.class.getName()).log(System.Logger.Level.WARNING, message, failure);
    }
  }

  /** What is written down first is what a restart shows. */
  private void show(ViewSpec spec, @Nullable ViewResult base, ViewResult result)
      throws IOException {
    boolean fresh = base == null || !base.parts().equals(result.parts());
    if (fresh) {
      try {
        files.write(spec.name(), result);
      } catch (IOException | RuntimeException failure) {
        deleteNew(base, result);
        throw failure;
      }
    }
    if (!shelf.replace(spec, result) && fresh) {
      files.forget(spec.name());
      deleteNew(base, result);
    }
  }

  private void deleteNew(@Nullable ViewResult base, ViewResult result) {
    result.parts().stream()
        .filter(part -> base == null || !base.parts().contains(part))
        .map(ViewResult.Part::path)
        .forEach(files::delete);
  }

  /** Begins no refresh any more. */
  void stop() {
    closed = true;
  }

  /**
   * Returns when nothing is computed any more, or after long enough; the engine has to be closed
   * before.
   */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    boolean interrupted = false;
    long deadline = System.nanoTime() + CLOSE_NANOS;
    while (thread.isAlive()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        System.getLogger(Views.class.getName())
            .log(System.Logger.Level.WARNING, "a view is still being computed, and is left alone");
        break;
      }
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, left);
      } catch (InterruptedException hurry) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
