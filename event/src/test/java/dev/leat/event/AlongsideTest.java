package dev.leat.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AlongsideTest {
  private static <T> Alongside<T> begin(Callable<T> task) {
    return Alongside.begin(Threads.real(), "aside", task);
  }

  @Test
  void givesWhatCameOfIt() throws IOException {
    Alongside<String> aside = begin(() -> Thread.currentThread().getName());
    assertEquals("aside", aside.take());
    assertEquals("aside", aside.take());
  }

  @Test
  void throwsWhatTheTaskThrew() {
    IOException io = new IOException("no room");
    assertSame(io, assertThrows(IOException.class, begin(() -> fail(io))::take));
    IllegalStateException wrong = new IllegalStateException("wrong");
    assertSame(wrong, assertThrows(IllegalStateException.class, begin(() -> fail(wrong))::take));
    Exception other = new Exception("other");
    IOException wrapped = assertThrows(IOException.class, begin(() -> fail(other))::take);
    assertSame(other, wrapped.getCause());
    assertEquals("other", wrapped.getMessage());
  }

  private static String fail(Exception failure) throws Exception {
    throw failure;
  }

  @Test
  void closesWhatWasNotTaken() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    Alongside<AtomicBoolean> wanted = begin(() -> closed);
    wanted.take();
    wanted.letGo(each -> each.set(true));
    assertFalse(closed.get());
    begin(() -> closed).letGo(each -> each.set(true));
    assertTrue(closed.get());
    begin(() -> fail(new IOException("nothing there"))).letGo(each -> closed.set(false));
    assertTrue(closed.get());
  }

  @Test
  void isWaitedForAlsoWhenInterrupted() throws IOException {
    CountDownLatch interrupted = new CountDownLatch(1);
    Thread caller = Thread.currentThread();
    Alongside<String> aside =
        begin(
            () -> {
              caller.interrupt();
              while (caller.isInterrupted()) {
                Thread.onSpinWait(); // Until the caller has noticed.
              }
              interrupted.countDown();
              return "opened";
            });
    assertEquals("opened", aside.take());
    assertEquals(0, interrupted.getCount());
    assertTrue(Thread.interrupted());
  }
}
