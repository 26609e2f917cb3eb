package dev.leat.alert;

import dev.leat.alert.SyntheticMonth.Trouble;
import java.util.ArrayList;
import java.util.List;

/**
 * How well a detector did over months. An alert is right if it opens within an incident, or within
 * ten minutes after its end. An incident is recalled if an alert opens within it and its first 70
 * minutes, or within those ten. A second alert for the same incident is a false one.
 */
final class Marks {
  private static final int AFTER = 10;
  private static final int SOON = 70;

  int months;
  int incidents;
  int recalled;
  int alerts;
  int right;
  int repeated;
  int inHolidays;
  long delay;
  final List<String> notes = new ArrayList<>();

  /** The marks of months, from a seed to a seed. */
  static Marks of(long from, long to) {
    Marks marks = new Marks();
    for (long seed = from; seed <= to; seed++) {
      marks.add(new SyntheticMonth(seed), Sensitivity.MEDIUM);
    }
    return marks;
  }

  /** Prints the marks of other months than the test takes, and each mistake. */
  public static void main(String[] args) {
    Marks marks = of(Long.parseLong(args[0]), Long.parseLong(args[1]));
    marks.notes.forEach(System.out::println);
    System.out.println(marks);
  }

  void add(SyntheticMonth month, Sensitivity sensitivity) {
    Detector detector = new Detector(DetectorOptions.counts().with(sensitivity));
    List<Integer> opened = new ArrayList<>();
    List<Verdict> verdicts = new ArrayList<>();
    boolean open = false;
    // The first minute of a Monday long ago; the detector does not care which.
    long begin = 19_723L * SyntheticMonth.DAY;
    for (int at = 0; at < SyntheticMonth.MINUTES; at++) {
      Verdict verdict = detector.observe(begin + at, month.values[at]);
      if (verdict.isOpen() && !open) {
        opened.add(at);
        verdicts.add(verdict);
      }
      open = verdict.isOpen();
    }
    mark(month, opened, verdicts, begin);
  }

  private void mark(
      SyntheticMonth month, List<Integer> opened, List<Verdict> verdicts, long begin) {
    months++;
    incidents += month.troubles.size();
    alerts += opened.size();
    boolean[] taken = new boolean[opened.size()];
    for (Trouble trouble : month.troubles) {
      boolean found = false;
      for (int i = 0; i < opened.size(); i++) {
        int at = opened.get(i);
        if (at >= trouble.from() && at < trouble.to() + AFTER) {
          taken[i] = true;
          if (found) {
            repeated++;
            notes.add(note(month, "repeated", at) + " in " + trouble);
          } else if (at < trouble.from() + SOON) {
            found = true;
            right++;
            recalled++;
            delay += at - trouble.from();
          } else {
            found = true;
            right++;
            notes.add(note(month, "late", at) + " in " + trouble);
          }
        }
      }
      if (!found) {
        notes.add(note(month, "missed", trouble.from()) + " " + trouble);
      }
    }
    for (int i = 0; i < taken.length; i++) {
      if (!taken[i]) {
        boolean holiday = month.holidays.contains(opened.get(i) / SyntheticMonth.DAY);
        inHolidays += holiday ? 1 : 0;
        Verdict said = verdicts.get(i);
        notes.add(
            note(month, holiday ? "false in holiday" : "false", opened.get(i))
                + " %s since %d value %.1f expected %.1f"
                    .formatted(said.kind(), said.since() - begin, said.value(), said.expected()));
      }
    }
  }

  private static String note(SyntheticMonth month, String what, int at) {
    return "seed %d base %.0f: %s at day %d %02d:%02d"
        .formatted(
            month.seed,
            month.base,
            what,
            at / SyntheticMonth.DAY,
            at % SyntheticMonth.DAY / 60,
            at % 60);
  }

  double precision() {
    return alerts == 0 ? 1 : (double) right / alerts;
  }

  double recall() {
    return incidents == 0 ? 1 : (double) recalled / incidents;
  }

  @Override
  public String toString() {
    return "%d months, %d incidents: precision %.3f, recall %.3f; %d alerts, %d right, %d repeated, %d in holidays; mean delay %.1f minutes"
        .formatted(
            months,
            incidents,
            precision(),
            recall(),
            alerts,
            right,
            repeated,
            inHolidays,
            (double) delay / Math.max(1, recalled));
  }
}
