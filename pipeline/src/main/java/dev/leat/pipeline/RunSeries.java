package dev.leat.pipeline;

import java.util.Arrays;
import java.util.List;

/**
 * The series that the events of an {@link EventRun} belong to by some labels, which are what {@link
 * SeriesReader} says. A key is made when the first metric asks for it, and stays for the others.
 * For one thread.
 */
final class RunSeries implements Series {
  private static final int UNWRITTEN = -1;

  private final RunColumn[] labels;
  private final SeriesWriter writer = new SeriesWriter();
  private final Sample sample = new Sample();
  private final int[] from = new int[EventRun.CAPACITY];
  private final int[] lengths = new int[EventRun.CAPACITY];
  private int index;

  RunSeries(List<RunColumn> labels) {
    this.labels = labels.toArray(RunColumn[]::new);
    clear();
  }

  void clear() {
    writer.clear();
    Arrays.fill(from, UNWRITTEN);
  }

  /** Goes to an event of the run. */
  void at(int event) {
    index = event;
  }

  @Override
  public boolean hasNumber() {
    return labels.length == 0 || (labels.length == 1 && labels[0].isLong(index));
  }

  @Override
  public long number() {
    return labels.length == 0 ? 0 : labels[0].number(index);
  }

  @Override
  public byte[] key() {
    if (from[index] == UNWRITTEN) {
      from[index] = writer.length();
      for (RunColumn label : labels) {
        label.get(index, sample);
        writer.label(sample);
      }
      lengths[index] = writer.length() - from[index];
    }
    return writer.bytes();
  }

  @Override
  public int from() {
    return from[index];
  }

  @Override
  public int length() {
    return lengths[index];
  }
}
