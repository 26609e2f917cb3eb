package dev.leat.query;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.query.LiveFeed.Samples;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LiveFeedTest {
  private final LiveFeed feed = new LiveFeed();

  private void publish(int... samples) {
    for (int sample : samples) {
      feed.publish(Integer.toString(sample).getBytes(US_ASCII));
    }
  }

  private static List<String> texts(Samples samples) {
    return samples.samples().stream().map(sample -> new String(sample, US_ASCII)).toList();
  }

  @Test
  void givesWhatCameSince() throws Exception {
    publish(1, 2);
    Samples all = feed.all();
    assertEquals(List.of("1", "2"), texts(all));
    publish(3);
    Samples fresh = feed.after(all.end());
    assertEquals(List.of("3"), texts(fresh));
    publish(4, 5);
    assertEquals(List.of("4", "5"), texts(feed.after(fresh.end())));
  }

  @Test
  void aListenerThatIsSlowMissesSamplesAndGetsTheLatest() throws Exception {
    publish(0);
    long seen = feed.all().end();
    for (int i = 1; i <= LiveFeed.MAX_SAMPLES + 50; i++) {
      publish(i);
    }
    Samples fresh = feed.after(seen);
    assertEquals(LiveFeed.MAX_SAMPLES, fresh.samples().size());
    assertEquals("51", texts(fresh).getFirst());
    assertEquals(Integer.toString(LiveFeed.MAX_SAMPLES + 50), texts(fresh).getLast());
  }

  @Test
  void keepsNoMoreBytesThanItMay() {
    byte[] large = new byte[LiveFeed.MAX_BYTES / 4];
    for (int i = 0; i < 10; i++) {
      feed.publish(large);
    }
    assertEquals(4, feed.all().samples().size());
    feed.publish(new byte[LiveFeed.MAX_BYTES + 1]);
    assertEquals(1, feed.all().samples().size()); // One is always there, however large.
  }

  @Test
  void letsOnlySoManyListen() {
    for (int i = 0; i < LiveFeed.MAX_LISTENERS; i++) {
      assertTrue(feed.enter());
    }
    assertFalse(feed.enter());
    feed.leave();
    assertTrue(feed.enter());
  }

  @Test
  void waitsForTheNextAndEndsWhenItIsClosed() throws Exception {
    CompletableFuture<List<String>> next = waiting();
    publish(7);
    assertEquals(List.of("7"), next.get(30, TimeUnit.SECONDS));
    publish(8);
    CompletableFuture<List<String>> last = waiting();
    feed.close();
    assertEquals(List.of(), last.get(30, TimeUnit.SECONDS));
    assertFalse(feed.enter());
  }

  private CompletableFuture<List<String>> waiting() {
    long seen = feed.all().end();
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return texts(feed.after(seen));
          } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
          }
        });
  }
}
