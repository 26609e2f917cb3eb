package dev.leat.server;

import dev.leat.query.Problem;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the requests inside, so that a stop can let them finish; those that come after it began
 * are told to come back. Health is answered to the end.
 */
final class Doorman implements Filter {
  private static final Problem STOPPING =
      new Problem(
          Status.SERVICE_UNAVAILABLE_503,
          "STOPPING",
          "Leat is stopping: send again when it runs",
          2);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();
  private int inside; // guarded by lock
  private boolean closed; // guarded by lock

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    if (request.path().path().startsWith("/health/")) {
      chain.proceed();
    } else if (enter()) {
      try {
        chain.proceed();
      } finally {
        leave();
      }
    } else {
      refuse(response);
    }
  }

  /** Lets nobody in any more and waits for those inside; false if some are still there. */
  boolean closeAndWait(Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lock();
    try {
      closed = true;
      while (inside > 0 && nanos > 0) {
        nanos = left.awaitNanos(nanos);
      }
      return inside == 0;
    } finally {
      lock.unlock();
    }
  }

  private boolean enter() {
    lock.lock();
    try {
      if (!closed) {
        inside++;
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      inside--;
      if (closed) {
        left.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private static void refuse(RoutingResponse response) {
    response.header(HeaderNames.CONNECTION, "close");
    STOPPING.send(response);
  }
}
