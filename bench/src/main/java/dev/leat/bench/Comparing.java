package dev.leat.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs all candidates in turns (A-B-C-A-B-C), so that what changes on the machine hits all. */
final class Comparing {
  /** Events begin so long ago that a fast system's do not come from a future one would doubt. */
  private static final long PAST_MILLIS = 300_000;

  private final Workload workload;
  private final List<Candidate> candidates;
  private final RunOptions options;
  private final PrintWriter progress;

  Comparing(
      Workload workload, List<Candidate> candidates, RunOptions options, PrintWriter progress) {
    this.workload = workload;
    this.candidates = candidates;
    this.options = options;
    this.progress = progress;
  }

  /** All runs; after each turn what there is so far is written, since a whole night may be lost. */
  Comparison run() throws IOException, InterruptedException {
    for (Candidate candidate : candidates) {
      try (Subject subject = candidate.make().get()) {
        subject.prepare();
      }
    }
    List<Measurement> runs = new ArrayList<>();
    try (TemporaryDirectory temporary = TemporaryDirectory.create(options.temp, options.keep)) {
      Map<String, String> machine = machine(temporary.path());
      for (int run = 1; run <= options.runs; run++) {
        // One stream for all systems of a turn: the same bytes for each.
        EventStream stream = workload.stream().make(base());
        for (Candidate candidate : candidates) {
          runs.add(run(candidate, stream, run, temporary.path()));
        }
        if (options.out != null) {
          ComparisonFile.write(
              comparison(machine, runs), options.out.resolve(workload.name() + ".json"));
        }
      }
      return comparison(machine, runs);
    }
  }

  private Map<String, String> machine(Path directory) throws IOException {
    Map<String, String> machine = Facts.now();
    machine.put("disk", Facts.probe(directory));
    machine.put(
        "plan",
        "%d runs; %d s to warm up, %d s as fast as it goes, %d s on a schedule"
            .formatted(options.runs, options.warmUpSeconds, options.seconds, options.pacedSeconds));
    return machine;
  }

  private Comparison comparison(Map<String, String> machine, List<Measurement> runs) {
    return new Comparison(
        workload.name(),
        workload.about(),
        machine,
        candidates.stream()
            .map(one -> new Comparison.Row(one.name(), one.title(), one.lacks()))
            .toList(),
        List.copyOf(runs));
  }

  private Measurement run(Candidate candidate, EventStream stream, int number, Path directory)
      throws IOException, InterruptedException {
    Path own = Files.createDirectory(directory.resolve(candidate.name() + "-" + number));
    say("%s: run %d of %s".formatted(workload.name(), number, candidate.title()));
    Measurement run;
    try {
      run = new Trial(candidate, stream, options.plan(workload)).run(number, own);
      say("  " + words(run));
    } catch (IOException failed) {
      // A run of its own that failed is a result, too; the others go on.
      run = Measurement.failed(candidate.name(), number, failed);
      say("  FAILED: " + run.differences().getFirst());
    }
    if (options.keep) {
      say("  kept in " + own);
    } else {
      TemporaryDirectory.delete(own);
    }
    return run;
  }

  private static String words(Measurement run) {
    Map<String, Double> figures = run.figures();
    return String.format(
        Locale.ROOT,
        "%,.0f events/s (%,.0f acknowledged), %.1f core-seconds per million and %.1f in the generator; %s",
        figures.get("eventsPerSecond"),
        figures.get("acknowledgedPerSecond"),
        figures.get("serverCoreSecondsPerMillion"),
        figures.get("generatorCoreSecondsPerMillion"),
        run.sound() ? "as expected: " + run.checked() : "NOT AS EXPECTED: " + run.differences());
  }

  private static long base() {
    long pane = ShopOracle.PANE_MILLIS;
    return (System.currentTimeMillis() - PAST_MILLIS) / pane * pane;
  }

  private void say(String text) {
    progress.println(text);
    progress.flush();
  }
}
