package dev.leat.trials;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Does a fault to a server under load. The caller kills the server afterwards. For one thread.
 *
 * @param load which is running
 */
record TortureAct(
    TortureGround ground, TorturedProcess server, TortureClient client, TortureLoad load) {
  private static final Duration HALT = Duration.ofSeconds(4);
  private static final Duration AFTER = Duration.ofMillis(700);
  private static final Duration SLOW = Duration.ofMillis(3_300);
  private static final Duration CLOCK = Duration.ofSeconds(7);
  private static final Duration FILL = Duration.ofMinutes(1);

  /** What the house promises after there is room again. */
  private static final Duration RESUME = Duration.ofSeconds(5);

  private static final int BLOCK = 1 << 20;

  /** Returns what was not as it should be; empty if all was. */
  String play(TortureFault fault) throws IOException, InterruptedException {
    switch (fault) {
      case TortureFault.Kill kill -> Thread.sleep(kill.afterMillis());
      case TortureFault.At at -> await(at.trap());
      case TortureFault.Power power -> {
        Thread.sleep(power.afterMillis());
        ground.mounted().cutPower();
      }
      case TortureFault.Pause pause -> {
        Thread.sleep(AFTER);
        server.signal("STOP");
        Thread.sleep(pause.millis());
        server.signal("CONT");
        Thread.sleep(AFTER);
      }
      case TortureFault.Clock _ -> Thread.sleep(CLOCK);
      case TortureFault.Full _ -> {
        return fill();
      }
      case TortureFault.Trace _ -> server.awaitEnd(HALT);
      case TortureFault.Restart _, TortureFault.Second _ -> Thread.sleep(AFTER);
    }
    return "";
  }

  private void await(Trap trap) throws InterruptedException {
    long deadline = System.nanoTime() + HALT.toNanos();
    while (!server.hasSprung() && System.nanoTime() < deadline) {
      if (server.awaitEnd(Duration.ofMillis(20))) {
        return;
      }
    }
    if (server.hasSprung()) {
      server.awaitEnd(trap.effect() == Trap.Effect.SLOW ? SLOW : AFTER);
    }
  }

  private String fill() throws IOException, InterruptedException {
    Path ballast = ground.mounted().root().resolve("ballast");
    long deadline = System.nanoTime() + FILL.toNanos();
    while (load.full() == 0 && server.isAlive()) {
      // Again and again: the server gives some back when it merges.
      fill(ballast);
      Thread.sleep(200);
      if (System.nanoTime() > deadline) {
        return "no producer was told of a full disk within " + FILL;
      }
    }
    client.sql("SELECT count(*) FROM orders", -1);
    Files.delete(ballast);
    long from = System.nanoTime();
    long accepted = load.accepted();
    while (load.accepted() == accepted) {
      Thread.sleep(10);
      if (System.nanoTime() - from > RESUME.toNanos()) {
        return "no event was accepted within %s of room".formatted(RESUME);
      }
    }
    Thread.sleep(AFTER);
    return "";
  }

  private static void fill(Path ballast) throws IOException {
    byte[] block = new byte[BLOCK];
    try (OutputStream out =
        Files.newOutputStream(
            ballast,
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.APPEND)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      if (!String.valueOf(full.getMessage()).contains("No space left")) {
        throw full;
      }
    }
  }
}
