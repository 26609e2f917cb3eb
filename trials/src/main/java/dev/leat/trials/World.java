package dev.leat.trials;

import dev.leat.event.Threads;
import dev.leat.testkit.SimDisk;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A world in which a seed decides everything that happens: its threads are virtual threads whose
 * scheduler is this class, on the one thread that calls {@link #run}, and its time jumps to the
 * next thing that waits for it when nobody has anything to do.
 *
 * <p>A thread goes on until it waits, yields or calls the disk; then chance takes the next of those
 * that can go on. Java starts virtual threads with a scheduler of one's own only by reflection, so
 * {@code java.lang} has to be opened. A thread that waits for a monitor is woken by a thread of
 * Java's, whenever that runs: the world waits for it, and nobody may yield with a monitor that
 * others want; {@link #run} fails if somebody did.
 *
 * <p>{@link #end} abandons all threads where they are, like the death of a process.
 */
final class World implements Threads, SimDisk.Gate {
  private static final Constructor<?> BUILDER = builder();

  /** What a step takes; time moves even while everybody is busy. */
  private static final long STEP_NANOS = 2_000;

  /** So long real threads may keep a monitor. */
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  /** The world of a simulated thread. */
  private static final ThreadLocal<World> CURRENT = new ThreadLocal<>();

  private static final Instant BEGIN = Instant.parse("2026-03-01T10:00:00Z");

  private final RandomGenerator chance;
  private final Trace trace;
  private final Thread carrier = Thread.currentThread();
  private final List<Lane> ready = new ArrayList<>();

  /** What waited for a monitor and can go on, from a thread of Java's. */
  private final Queue<Lane> unblocked = new ConcurrentLinkedQueue<>();

  /** Those of this life that have not ended. */
  private final Set<Lane> lanes = new LinkedHashSet<>();

  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(
          Comparator.comparingLong((Timer timer) -> timer.at)
              .thenComparingLong(timer -> timer.number));
  private long nextTimer;
  private long grainNanos = 1;
  private long now;
  private long steps;
  private final int slowPercent;
  private int life;
  private @Nullable Lane running;
  private boolean dead;
  private @Nullable Throwable failure;

  /** Something that happens at a time unless it is cancelled. */
  private static final class Timer {
    private final long at;
    private final long number;
    private @Nullable Runnable action;

    Timer(long at, long number, Runnable action) {
      this.at = at;
      this.number = number;
      this.action = action;
    }
  }

  /** One thread, and its scheduler: so the world knows whose step is whose. */
  private final class Lane implements Executor {
    private final int ofLife = life;
    private final Thread thread;
    private @Nullable Runnable step;

    /** Whether it gives way of its own accord, and does not wait for anything. */
    private boolean yields;

    Lane(String name, Runnable task) {
      try {
        Thread.Builder builder = (Thread.Builder) BUILDER.newInstance(this);
        thread =
            builder
                .name(name)
                .unstarted(
                    () -> {
                      CURRENT.set(World.this);
                      task.run();
                    });
      } catch (InstantiationException | IllegalAccessException | InvocationTargetException failed) {
        throw new IllegalStateException("a simulated thread can't be made", failed);
      }
      thread.setUncaughtExceptionHandler((_, cause) -> fail(cause));
    }

    /** Of this thread, which can go on; it is always the same step. */
    @Override
    public void execute(Runnable next) {
      Thread caller = Thread.currentThread();
      step = next;
      if (caller != carrier && !(caller.isVirtual() && CURRENT.get() == World.this)) {
        unblocked.add(this);
      } else if (running == this && caller == carrier && !yields) {
        unblocked.add(this); // What it wanted came free just as it began to wait for it.
      } else if (ofLife == life) {
        ready.add(this);
      }
    }

    /** Until it waits, yields, calls the disk or ends. */
    private void go() {
      Runnable next = step;
      if (ofLife == life && next != null) {
        running = this;
        next.run();
        running = null;
      }
    }
  }

  /**
   * A world for the calling thread to run.
   *
   * @param slowPercent how many of the forces are slow
   */
  World(RandomGenerator chance, Trace trace, int slowPercent) {
    this.chance = chance;
    this.trace = trace;
    this.slowPercent = slowPercent;
  }

  private static Constructor<?> builder() {
    try {
      Constructor<?> constructor =
          Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
              .getDeclaredConstructor(Executor.class);
      constructor.setAccessible(true);
      return constructor;
    } catch (ReflectiveOperationException | RuntimeException absent) {
      throw new IllegalStateException(
          "this Java does not let a simulation schedule virtual threads; run it with a JDK 25 and --add-opens java.base/java.lang=ALL-UNNAMED",
          absent);
    }
  }

  /** The time of day. */
  InstantSource clock() {
    return () -> BEGIN.plusNanos(now);
  }

  long steps() {
    return steps;
  }

  Trace trace() {
    return trace;
  }

  /** Something is wrong; the first of it stays. */
  void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  boolean isDead() {
    return dead;
  }

  /** How every run ends. */
  enum End {
    /** What was waited for is so. */
    DONE,
    /** The process has died. */
    DEAD,
    /** Nothing can happen any more, or what was waited for does not come. */
    STUCK
  }

  /**
   * Lets the threads go on.
   *
   * @throws IllegalStateException with what {@link #fail} was told
   */
  End run(BooleanSupplier done, Duration patience) {
    long end = now + patience.toNanos();
    while (true) {
      if (failure != null) {
        throw new IllegalStateException(failure);
      }
      if (dead) {
        return End.DEAD;
      }
      if (done.getAsBoolean()) {
        return End.DONE;
      }
      if (now > end || !fireDue()) {
        return End.STUCK;
      }
      if (!ready.isEmpty()) {
        step();
      }
    }
  }

  private void step() {
    int of = ready.size();
    int taken = of == 1 ? 0 : chance.nextInt(of);
    trace.choice(taken, of);
    Lane next = ready.get(taken);
    Lane last = ready.removeLast();
    if (taken < of - 1) {
      ready.set(taken, last);
    }
    now += STEP_NANOS;
    steps++;
    next.go();
    finish(next);
  }

  /**
   * A step that met a monitor is not over. If a thread outside has it, of the virtual machine, of
   * another world or of who runs the tests, it is given back soon, and the step goes on before
   * anybody else moves. If one of the world has it, nobody will give it back.
   */
  private void finish(Lane stepped) {
    long begun = 0;
    while (true) {
      Lane rest = unblocked.poll();
      if (rest == stepped) {
        rest.go();
        continue;
      }
      if (rest != null) {
        fail(new IllegalStateException("somebody outside of the world has woken " + rest.thread));
        return;
      }
      if (stepped.yields) {
        return;
      }
      switch (stepped.thread.getState()) {
        case WAITING -> {
          return;
        }
        case TERMINATED -> {
          lanes.remove(stepped);
          return;
        }
        case TIMED_WAITING -> {
          fail(new IllegalStateException("a wait in real time, of " + stepped.thread));
          return;
        }
        case NEW, RUNNABLE, BLOCKED -> {
          long now = System.nanoTime();
          begun = begun == 0 ? now : begun;
          if (now - begun > PATIENCE_NANOS) {
            fail(
                new IllegalStateException(
                    "a thread yielded with a monitor that another waited for; make that a lock"));
            return;
          }
          Thread.onSpinWait();
        }
      }
    }
  }

  /** Lets come what is due, and time pass if nobody has anything to do; false if nothing will. */
  private boolean fireDue() {
    while (true) {
      Timer first = timers.peek();
      if (first == null) {
        return !ready.isEmpty();
      }
      Runnable action = first.action;
      if (action == null) {
        timers.remove();
      } else if (first.at <= now || ready.isEmpty()) {
        timers.remove();
        now = Math.max(now, first.at);
        action.run();
      } else {
        return true;
      }
    }
  }

  private Timer in(long nanos, Runnable action) {
    long at = now + Math.max(0, nanos);
    at = Math.ceilDiv(at, grainNanos) * grainNanos;
    Timer timer = new Timer(at, nextTimer++, action);
    timers.add(timer);
    return timer;
  }

  /** All threads stay where they are for ever, and others may begin. */
  void end() {
    life++;
    ready.clear();
    timers.clear();
    grainNanos = 1;
    lanes.clear();
    dead = false;
  }

  @Override
  public Thread unstarted(String name, Runnable task) {
    Lane lane = new Lane(name, task);
    lanes.add(lane);
    return lane.thread;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // The caller's loop, as with every condition.
  public long await(ReentrantLock lock, Condition condition, long nanos)
      throws InterruptedException {
    long end = now + nanos;
    Timer timer = in(nanos, () -> signal(lock, condition));
    try {
      condition.await();
    } finally {
      timer.action = null;
    }
    return end - now;
  }

  /** On the carrier, which can't wait: whoever has the lock is asked for it by a thread. */
  private void signal(ReentrantLock lock, Condition condition) {
    if (lock.tryLock()) {
      try {
        condition.signalAll();
      } finally {
        lock.unlock();
      }
    } else {
      Thread _ =
          start(
              "timer",
              () -> {
                lock.lock();
                try {
                  condition.signalAll();
                } finally {
                  lock.unlock();
                }
              });
    }
  }

  @Override
  public boolean join(Thread thread, Duration patience) throws InterruptedException {
    long end = now + patience.toNanos();
    while (thread.isAlive() && now < end) {
      sleep(1_000_000);
    }
    return !thread.isAlive();
  }

  /** Lets a simulated thread wait. */
  void sleep(long nanos) throws InterruptedException {
    Thread sleeper = Thread.currentThread();
    boolean[] over = {false};
    Timer timer =
        in(
            nanos,
            () -> {
              over[0] = true;
              LockSupport.unpark(sleeper);
            });
    try {
      while (!over[0]) {
        LockSupport.park(timer);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    } finally {
      timer.action = null;
    }
  }

  /**
   * Lets a simulated thread wait for long while nothing comes from outside. So long all other waits
   * end at multiples of a time only, as on a machine that seldom gets round to this process: most
   * of what happens in hours of waiting is that nothing has happened.
   */
  void idle(long nanos, long grain) throws InterruptedException {
    grainNanos = grain;
    try {
      sleep(nanos);
    } finally {
      grainNanos = 1;
    }
  }

  /** Each call of the disk lets others go first; forces may take long. */
  @Override
  public void before(String call, String name, int bytes) {
    if (!Thread.currentThread().isVirtual()) {
      return; // The simulation itself looks at its disk.
    }
    trace.act(now, call, name, bytes);
    if (call.equals("force") && chance.nextInt(100) < slowPercent) {
      pause(1_000_000L * (1 + chance.nextInt(200)));
    } else {
      giveWay();
    }
  }

  /** Lets others go first. Simulated threads yield here and nowhere else. */
  @SuppressWarnings("ThreadPriorityCheck") // The scheduler that is relied on is this.
  void giveWay() {
    Lane lane = running;
    if (lane == null) {
      throw new IllegalStateException("nobody is running who could give way");
    }
    lane.yields = true;
    Thread.yield();
    lane.yields = false;
  }

  /** Like a call into the system, this is not ended by an interrupt. */
  private void pause(long nanos) {
    boolean interrupted = false;
    long end = now + nanos;
    while (now < end) {
      try {
        sleep(end - now);
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void powerOff() {
    dead = true;
    while (true) {
      LockSupport.park(this);
      boolean _ = Thread.interrupted(); // Or it would not park again.
    }
  }

  /** What everybody waits for. */
  String stacks() {
    StringBuilder all = new StringBuilder();
    for (Lane lane : lanes) {
      Thread thread = lane.thread;
      if (thread.isAlive()) {
        all.append('\n').append(thread.getName());
        for (StackTraceElement frame : thread.getStackTrace()) {
          if (frame.getClassName().startsWith("dev.leat")) {
            all.append("\n    ").append(frame);
          }
        }
      }
    }
    return all.toString();
  }
}
