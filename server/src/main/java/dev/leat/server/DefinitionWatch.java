package dev.leat.server;

import dev.leat.pipeline.Lookup.CustomLookup;
import dev.leat.pipeline.Mistake;
import dev.leat.server.DefinitionLoader.Attempt;
import dev.leat.server.DefinitionLoader.Failed;
import dev.leat.server.DefinitionLoader.Loaded;
import dev.leat.server.DefinitionLoader.Source;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks every second whether the files of the definition changed, lookups as often as they say, and
 * hands on what became of them. Files that vanished or broke leave the last good version in force;
 * that is logged once for each change and shown as long as it lasts.
 *
 * <p>A change is taken up when two looks in a row see the same files, because a file that is being
 * written is a broken one. One thread of its own looks and calls back, or one that asks to {@link
 * #reload}, never two at a time; any thread may call the rest.
 */
final class DefinitionWatch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(DefinitionWatch.class.getName());
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** Is told of a new version. */
  @FunctionalInterface
  interface Listener {
    /**
     * Takes a version that differs from the last one, or says what is wrong with it, and then the
     * last one stays. One without a bundle has files that can't be read, which its plan says.
     */
    List<Mistake> changed(Loaded version);

    /** Takes a version that treats events as the last one does, but may say more. */
    default void same(Loaded version) {}
  }

  /**
   * A file under watch.
   *
   * @param taken what it looked like when it was read last
   * @param young whether it may have changed since without showing
   * @param last what it looked like at the last look
   */
  private record Watched(
      Duration refresh, FileStamp taken, boolean young, FileStamp last, Instant nextLook) {}

  private final Path file;
  private final DefinitionLoader loader;
  private final Listener listener;
  private final InstantSource clock;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private final Map<Path, Watched> watched = new HashMap<>(); // guarded by this
  private DefinitionBundle current; // guarded by this

  /** When to ask extensions for their lookups again. */
  private Instant nextFetch; // guarded by this

  private volatile List<String> problems = List.of();

  /**
   * Watches the files of a version that is in force.
   *
   * @param loader which nobody else may use from now on
   * @param inForce as it came from the loader, with a bundle
   * @param readAt when it was read, or earlier
   */
  DefinitionWatch(
      Path file,
      DefinitionLoader loader,
      Loaded inForce,
      Instant readAt,
      Listener listener,
      InstantSource clock) {
    this.file = file;
    this.loader = loader;
    this.listener = listener;
    this.clock = clock;
    current = bundle(inForce);
    for (Source source : inForce.sources()) {
      FileStamp stamp = FileStamp.of(source.file());
      // What changed since it was read is young too, and so is looked at again.
      watched.put(source.file(), taken(source, stamp, readAt));
    }
    nextFetch = nextFetch(inForce, readAt);
    thread = Thread.ofPlatform().name("leat-definition").daemon().unstarted(this::run);
  }

  /** Begins to look. */
  DefinitionWatch start() {
    thread.start();
    return this;
  }

  /** Why the files as they are now are not in force; empty if they are. */
  List<String> problems() {
    return problems;
  }

  /** Ends the thread; a version that is being taken is finished first. */
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join();
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt(); // the thread ends by itself all the same
    }
  }

  private void run() {
    try {
      while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error defect) {
      problems = List.of("the definition is not watched any more: " + defect);
      LOG.log(Level.ERROR, "the definition is not watched any more", defect);
    }
  }

  /**
   * Reads all files now, settled or not. Any thread; it may have to wait for a version that is
   * being taken.
   *
   * @return {@link #problems}
   */
  synchronized List<String> reload() {
    take(clock.instant());
    return problems;
  }

  /** One look at all files that are due. */
  synchronized void look() {
    Instant now = clock.instant();
    boolean changed = false;
    boolean settled = true;
    for (var entry : watched.entrySet()) {
      Watched seen = entry.getValue();
      // What is wrong is about to be mended: then every file is looked at each time.
      if (now.isBefore(seen.nextLook()) && problems.isEmpty()) {
        continue;
      }
      FileStamp stamp = FileStamp.of(entry.getKey());
      boolean same = stamp.equals(seen.taken()) && (!seen.young() || stamp.isYoung(now));
      changed |= !same;
      settled &= same || stamp.equals(seen.last());
      // A file that changed is looked at again soon, however seldom it is otherwise.
      Instant next = same ? now.plus(seen.refresh()) : now;
      entry.setValue(new Watched(seen.refresh(), seen.taken(), seen.young(), stamp, next));
    }
    if ((changed || !now.isBefore(nextFetch)) && settled) {
      take(now);
    }
  }

  private void take(Instant now) {
    Map<Path, FileStamp> before = new HashMap<>();
    watched.keySet().forEach(path -> before.put(path, FileStamp.of(path)));
    Attempt attempt = loader.load(file);
    watched.clear();
    for (Source source : attempt.sources()) {
      FileStamp stamp = before.get(source.file());
      // A file that is new here was not looked at before it was read: it counts as young.
      watched.put(
          source.file(),
          stamp == null
              ? taken(source, FileStamp.of(source.file()), Instant.MIN)
              : taken(source, stamp, now));
    }
    switch (attempt) {
      case Failed failed -> report(failed.mistakes());
      case Loaded loaded -> {
        nextFetch = nextFetch(loaded, now);
        offer(loaded);
      }
    }
  }

  private static Instant nextFetch(Loaded loaded, Instant now) {
    return loaded.content().definition().lookups().values().stream()
        .filter(CustomLookup.class::isInstance)
        .map(lookup -> now.plus(lookup.refresh()))
        .min(Comparator.naturalOrder())
        .orElse(Instant.MAX);
  }

  private void offer(Loaded loaded) {
    DefinitionBundle bundle = loaded.bundle();
    if (bundle != null && bundle.isSameAs(current)) {
      if (!problems.isEmpty()) {
        LOG.log(Level.INFO, "the definition is again what is in force");
      }
      problems = List.of();
      listener.same(loaded);
      return;
    }
    List<Mistake> mistakes = listener.changed(loaded);
    if (!mistakes.isEmpty()) {
      report(mistakes);
      return;
    }
    current = bundle(loaded);
    problems = List.of();
    for (Mistake warning : loaded.content().warnings()) {
      LOG.log(Level.WARNING, "{0}:{1}", file, warning);
    }
  }

  /** Says it once, however often the files are read again meanwhile. */
  private void report(List<Mistake> mistakes) {
    List<String> found = mistakes.stream().map(mistake -> file + ":" + mistake).toList();
    if (!found.equals(problems)) {
      LOG.log(
          Level.WARNING,
          "the definition changed and can''t be used; the last good one stays in force:{0}{1}",
          System.lineSeparator(),
          String.join(System.lineSeparator(), found));
    }
    problems = found;
  }

  private static Watched taken(Source source, FileStamp stamp, Instant readAt) {
    boolean young = stamp.isYoung(readAt);
    // Soon after, so that a young one is seen to be old; then as often as it says.
    Instant next = young ? Instant.MIN : plus(readAt, source.refresh());
    return new Watched(source.refresh(), stamp, young, stamp, next);
  }

  private static Instant plus(Instant instant, Duration duration) {
    return instant.equals(Instant.MIN) ? instant : instant.plus(duration);
  }

  private static DefinitionBundle bundle(Loaded loaded) {
    DefinitionBundle bundle = loaded.bundle();
    if (bundle == null) {
      throw new IllegalArgumentException("a version without copies can't be in force");
    }
    return bundle;
  }
}
