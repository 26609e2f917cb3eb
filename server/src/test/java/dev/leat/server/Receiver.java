package dev.leat.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real HTTP server on loopback that takes what it is sent, fails, or hangs, as it is told. */
final class Receiver implements AutoCloseable {
  /** Never answers while it is in force. */
  static final int HANG = 0;

  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<byte[]> taken = new ArrayList<>(); // guarded by this
  private volatile int status = 200;
  private int calls; // guarded by this

  Receiver() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/", this::answer);
    http.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      int now = status;
      synchronized (this) {
        calls++;
        notifyAll();
      }
      if (now == HANG) {
        closed.await(1, TimeUnit.MINUTES);
        return;
      }
      synchronized (this) {
        if (now < 300) {
          taken.add(body);
        }
        notifyAll();
      }
      exchange.sendResponseHeaders(now, -1);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  String url() {
    return "http://127.0.0.1:%d/hook".formatted(http.getAddress().getPort());
  }

  /** What it answers from now on. */
  void answer(int next) {
    status = next;
  }

  synchronized int calls() {
    return calls;
  }

  /** What was taken, once there is so much of it. */
  synchronized List<Map<String, @Nullable Object>> await(int count) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (taken.size() < count) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("only %d of %d came".formatted(taken.size(), count));
      }
      wait(left);
    }
    return taken.stream().map(Json::object).toList();
  }

  /** Waits until it was called so often. */
  synchronized void awaitCalls(int count) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (calls < count) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("only %d of %d calls came".formatted(calls, count));
      }
      wait(left);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    http.stop(0);
    threads.shutdownNow();
  }
}
