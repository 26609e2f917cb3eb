package dev.leat.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Knocks at the server's own door. The web server stops listening for ever when the system once
 * fails to give it a connection, and says so only in the log: the process would live on, and nobody
 * could reach it. Then the one who started it is told, so that the process can end and be started
 * again. One thread of its own.
 */
final class DoorWatch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(DoorWatch.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** So many refusals in a row are no accident. */
  private static final int REFUSALS = 3;

  private final InetSocketAddress door;
  private final Duration every;
  private final Runnable shut;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private DoorWatch(InetSocketAddress door, Duration every, Runnable shut) {
    this.door = door;
    this.every = every;
    this.shut = shut;
    thread = Thread.ofPlatform().daemon().name("leat-door").unstarted(this::run);
  }

  /**
   * Watches from now on.
   *
   * @param shut is called once, when nobody listens there any more
   */
  static DoorWatch start(InetSocketAddress door, Duration every, Runnable shut) {
    DoorWatch watch = new DoorWatch(door, every, shut);
    watch.thread.start();
    return watch;
  }

  private void run() {
    int refusals = 0;
    try {
      while (refusals < REFUSALS && !closed.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
        refusals = isRefused() ? refusals + 1 : 0;
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return;
    }
    if (refusals == REFUSALS) {
      LOG.log(
          Level.ERROR,
          "nobody can connect to {0} any more, because the web server no longer listens (see above why): Leat stops; start it again",
          door);
      shut.run();
    }
  }

  /** Anything else, such as no answer in time or no file handles left, says nothing for sure. */
  private boolean isRefused() {
    try (Socket socket = new Socket()) {
      socket.connect(door, (int) PATIENCE.toMillis());
      return false;
    } catch (ConnectException refused) {
      return true;
    } catch (IOException unknown) {
      return false;
    }
  }

  /** Stops watching. */
  @Override
  public void close() {
    closed.countDown();
  }
}
