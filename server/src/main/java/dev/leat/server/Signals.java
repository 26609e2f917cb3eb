package dev.leat.server;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The signals that ask the process to stop. The first is an answer to {@link #await}; the second
 * ends the process at once, as a person who sends it wants.
 *
 * <p>{@code sun.misc.Signal} is Java's only way to hear a second signal, since during its own
 * shutdown it ignores them. It is supported (module {@code jdk.unsupported}), but javac warns of
 * each use and can't be told not to, hence the reflection.
 */
final class Signals {
  private static final int KILLED_BY_SIGNAL = 128;

  private final BlockingQueue<String> received = new ArrayBlockingQueue<>(1);

  private Signals() {}

  static Signals install() {
    Signals signals = new Signals();
    try {
      signals.handle("TERM", 15);
      signals.handle("INT", 2);
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException("this Java can't handle signals", missing);
    }
    return signals;
  }

  /** Does as if that had been the signal, unless one has come. Any thread. */
  void stop(String because) {
    boolean _ = received.offer(because);
  }

  /** Waits for the first signal and tells its name. */
  String await() throws InterruptedException {
    String name = received.take();
    received.add(name); // full again, so that the next signal finds no room
    return name;
  }

  /** Waits a while; true if a signal came. */
  boolean await(Duration patience) throws InterruptedException {
    String name = received.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (name != null) {
      received.add(name);
    }
    return name != null;
  }

  private void handle(String name, int number) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object received =
        Proxy.newProxyInstance(
            Signals.class.getClassLoader(),
            new Class<?>[] {handler},
            (proxy, method, arguments) -> call(proxy, method, arguments, name, number));
    signal
        .getMethod("handle", signal, handler)
        .invoke(null, signal.getConstructor(String.class).newInstance(name), received);
  }

  @SuppressWarnings("ReferenceEquality") // identity is what equals of a handler means
  private Object call(Object proxy, Method method, Object[] arguments, String name, int number) {
    return switch (method.getName()) {
      case "handle" -> received("SIG" + name, number);
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "handler of SIG" + name;
    };
  }

  private Object received(String name, int number) {
    if (!received.offer(name)) {
      Runtime.getRuntime().halt(KILLED_BY_SIGNAL + number);
    }
    return name;
  }
}
