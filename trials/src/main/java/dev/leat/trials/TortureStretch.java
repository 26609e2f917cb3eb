package dev.leat.trials;

import dev.leat.trials.TortureCheck.Findings;
import dev.leat.trials.TortureFault.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Cycles on one data directory: start, check what the last fault has left, load, fault. Ends at the
 * first violation, so that all is as it was found. For one thread.
 */
final class TortureStretch {
  private static final int PRODUCERS = 3;
  private static final Duration FIRST_ACCEPTED = Duration.ofMinutes(1);

  /**
   * A server whose disk was broken may refuse events for good; then there is nothing to wait for.
   */
  private static final Duration FIRST_ACCEPTED_BROKEN = Duration.ofSeconds(5);

  private final long seed;
  private final SplittableRandom chance;
  private final TortureGround ground;
  private final TortureReport report;
  private final List<String> launcher;
  private final Path config;
  private final int everythingEvery;
  private final List<TortureBook> books = new ArrayList<>();
  private final Instant since = Instant.now();
  private @Nullable Kind previous;
  private boolean clean = true;

  /**
   * Cycles that can be repeated but for the moments at which threads and processes run.
   *
   * @param launcher how to start a JVM that has the trials in its class path
   * @param everythingEvery after so many cycles all is checked, not only rows and the balance
   */
  TortureStretch(
      long seed,
      TortureGround ground,
      TortureReport report,
      List<String> launcher,
      int everythingEvery)
      throws IOException {
    this.seed = seed;
    this.chance = new SplittableRandom(seed);
    this.ground = ground;
    this.report = report;
    this.launcher = launcher;
    this.everythingEvery = everythingEvery;
    this.config =
        TortureDefinition.write(ground.directory().resolve("config"), ground.sort().dedup);
    for (int producer = 0; producer < PRODUCERS; producer++) {
      books.add(new TortureBook(producer, chance.split()));
    }
  }

  /**
   * Runs faults of these kinds while there is time, then checks everything; whether all was well.
   */
  boolean run(Set<Kind> wanted, int cycles, BooleanSupplier timeLeft)
      throws IOException, InterruptedException {
    List<Kind> kinds = ground.sort().kinds(wanted);
    for (int cycle = 1; cycle <= cycles && clean && timeLeft.getAsBoolean(); cycle++) {
      cycle(choose(kinds), cycle % everythingEvery == 0);
    }
    return finish();
  }

  /** Runs one fault; whether all is well so far. */
  boolean run(TortureFault fault) throws IOException, InterruptedException {
    if (clean) {
      cycle(fault, false);
    }
    return clean;
  }

  /** Starts once more and checks everything. */
  boolean finish() throws IOException, InterruptedException {
    if (clean) {
      cycle(null, true);
    }
    return clean;
  }

  private TortureFault choose(List<Kind> kinds) {
    int total = kinds.stream().mapToInt(kind -> Math.max(1, kind.weight)).sum();
    int dice = chance.nextInt(total);
    for (Kind kind : kinds) {
      dice -= Math.max(1, kind.weight);
      if (dice < 0) {
        return TortureFault.any(kind, chance, report::halts);
      }
    }
    throw new IllegalArgumentException("no kind of fault can happen here");
  }

  private TorturedProcess.Order order(@Nullable TortureFault fault) {
    List<String> prefix =
        fault instanceof TortureFault.Trace trace
            ? List.of(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-o",
                "/dev/null",
                "-e",
                "trace=" + trace.call(),
                "-e",
                "inject=%s:error=%s:when=%d".formatted(trace.call(), trace.error(), trace.nth()))
            : List.of();
    Trap trap = fault instanceof TortureFault.At at ? at.trap() : null;
    String clock = fault instanceof TortureFault.Clock wrong ? wrong.steps() : null;
    return new TorturedProcess.Order(prefix, launcher, trap, clock, config, ground.data());
  }

  Path output() {
    return ground.directory().resolve("server.log");
  }

  private void cycle(@Nullable TortureFault fault, boolean everything)
      throws IOException, InterruptedException {
    long before = events();
    try (TorturedProcess server = TorturedProcess.start(order(fault), output())) {
      URI url = server.url();
      if (url == null) {
        server.kill();
        endedBeforeReady(fault, server);
      } else {
        try (TortureClient client = new TortureClient(url)) {
          serve(fault, everything, server, client);
        }
      }
    }
    books.forEach(TortureBook::serverGone);
    if (fault != null) {
      report.cycle(fault.kind(), events() - before);
      previous = fault.kind();
    }
  }

  private long events() {
    return books.stream().mapToLong(TortureBook::events).sum();
  }

  private void endedBeforeReady(@Nullable TortureFault fault, TorturedProcess server) {
    if (fault instanceof TortureFault.At at
        && (server.exitCode() == Trap.HALTED || server.hasSprung())) {
      report.hit(at.trap());
    } else if (!(fault instanceof TortureFault.Trace)) {
      violation(
          "the server does not start: it ended with %d, see %s"
              .formatted(server.exitCode(), output()));
    }
  }

  private void serve(
      @Nullable TortureFault fault,
      boolean everything,
      TorturedProcess server,
      TortureClient client)
      throws IOException, InterruptedException {
    TortureLoad load = TortureLoad.of(client);
    boolean breaks = fault instanceof TortureFault.At || fault instanceof TortureFault.Trace;
    try {
      awaitFirstAccepted(load, server, breaks);
      check(client, everything && !breaks);
    } catch (IOException failed) {
      if (!breaks) {
        violation("the server does not answer after " + previous + ": " + failed.getMessage());
        return;
      }
    }
    load.start(books);
    String refusal = fault == null ? "" : new TortureAct(ground, server, client, load).play(fault);
    if (fault instanceof TortureFault.Second) {
      refusal += refuseSecond();
    }
    if (!refusal.isEmpty()) {
      violation(fault + ": " + refusal);
    }
    boolean died = !server.isAlive();
    if (!died) {
      report.killed();
    }
    server.kill();
    List<String> surprises = load.stop();
    if (fault instanceof TortureFault.At at
        && (server.exitCode() == Trap.HALTED || server.hasSprung())) {
      report.hit(at.trap());
    } else if (died) {
      violation(
          "the server ended by itself with %d, see %s".formatted(server.exitCode(), output()));
    }
    if (!surprises.isEmpty() && !breaks && !(fault instanceof TortureFault.Power)) {
      violation("a producer was answered: " + surprises.getFirst());
    }
    if (fault instanceof TortureFault.Power) {
      ground.mounted().powerOn();
    }
    if (fault instanceof TortureFault.Restart restart) {
      restart(restart);
    }
  }

  /** Kills servers that are on their way up. */
  private void restart(TortureFault.Restart restart) throws IOException, InterruptedException {
    for (int afterMillis : restart.afterMillis()) {
      try (TorturedProcess server = TorturedProcess.start(order(restart), output())) {
        if (server.awaitEnd(Duration.ofMillis(afterMillis))) {
          violation(
              "the server does not start: it ended with %d, see %s"
                  .formatted(server.exitCode(), output()));
        } else {
          report.killed();
        }
      }
    }
  }

  private String refuseSecond() throws IOException, InterruptedException {
    Path output = ground.directory().resolve("second.log");
    try (TorturedProcess second = TorturedProcess.start(order(null), output)) {
      URI url = second.url();
      second.kill();
      String said = Files.readString(output);
      boolean refused = url == null && said.contains("is in use by another Leat");
      return refused ? "" : "a second server in the directory said " + said;
    }
  }

  private void awaitFirstAccepted(TortureLoad load, TorturedProcess server, boolean breaks)
      throws IOException, InterruptedException {
    Duration patience = breaks ? FIRST_ACCEPTED_BROKEN : FIRST_ACCEPTED;
    long deadline = System.nanoTime() + patience.toNanos();
    awaitAccepted(load, books.getFirst(), deadline);
    if (previous != null && !breaks) {
      long bytes = books.stream().mapToLong(TortureBook::bytes).sum();
      long perEvent = bytes / Math.max(1, events());
      report.recovered(
          previous,
          (int) ((System.nanoTime() - server.startNanos()) / 1_000_000),
          server.replayed(),
          server.replayed() * perEvent);
    }
    // What others sent without an answer may be stored: only the answer to a retry settles it.
    for (TortureBook book : books) {
      if (book.isWaiting()) {
        awaitAccepted(load, book, deadline);
      }
    }
  }

  private static void awaitAccepted(TortureLoad load, TortureBook book, long deadline)
      throws IOException, InterruptedException {
    while (load.sendOne(book) == 0) {
      if (System.nanoTime() > deadline) {
        throw new IOException("a batch was not accepted in time");
      }
      Thread.sleep(5);
    }
  }

  private void check(TortureClient client, boolean everything)
      throws IOException, InterruptedException {
    boolean oracle = ground.sort() != TortureGround.Sort.CLOCK;
    Findings findings =
        everything
            ? TortureCheck.everything(client, books, since, oracle)
            : TortureCheck.rows(client, books);
    note(findings, everything);
  }

  private void violation(String what) {
    Findings findings = new Findings();
    findings.wrong(what);
    note(findings, false);
  }

  private void note(Findings findings, boolean everything) {
    String where = "seed %d after %s in %s".formatted(seed, previous, ground.directory());
    report.checked(previous == null ? Kind.KILL : previous, findings, everything, where);
    clean &= findings.isEmpty();
  }
}
