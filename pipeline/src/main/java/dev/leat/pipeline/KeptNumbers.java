package dev.leat.pipeline;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Numbers with weights, all of them, for exact quantiles. For one thread. */
final class KeptNumbers {
  private static final int SMALLEST = 8;

  private double[] numbers = new double[SMALLEST];

  /** Null as long as all are 1. */
  private long @Nullable [] weights;

  private int size;
  private long total;

  void add(double number, long weight) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, size * 2);
      weights = weights == null ? null : Arrays.copyOf(weights, size * 2);
    }
    if (weights == null && weight != 1) {
      weights = new long[numbers.length];
      Arrays.fill(weights, 0, size, 1);
    }
    if (weights != null) {
      weights[size] = weight;
    }
    numbers[size++] = number;
    total = Math.addExact(total, weight);
  }

  void addAll(KeptNumbers other) {
    for (int i = 0; i < other.size; i++) {
      add(other.numbers[i], other.weight(i));
    }
  }

  private long weight(int index) {
    return weights == null ? 1 : weights[index];
  }

  /**
   * For each quantile the smallest number that makes up, with all below it, so much of the whole.
   * There is at least one number.
   *
   * @param ascending the quantiles
   */
  double[] quantiles(double[] ascending) {
    int[] order = sort();
    double[] found = new double[ascending.length];
    int at = 0;
    long below = weight(order[0]);
    for (int i = 0; i < ascending.length; i++) {
      long rank = QuantileSketch.rank(ascending[i], total);
      while (below < rank) {
        below += weight(order[++at]);
      }
      found[i] = numbers[order[at]];
    }
    return found;
  }

  private int[] sort() {
    return IntStream.range(0, size)
        .boxed()
        .sorted(Comparator.comparingDouble(index -> numbers[index]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Which share of all is smaller than a number, and which smaller or equal. */
  double[] shares(double number) {
    long smaller = 0;
    long equal = 0;
    for (int i = 0; i < size; i++) {
      smaller += numbers[i] < number ? weight(i) : 0;
      equal += numbers[i] == number ? weight(i) : 0;
    }
    return new double[] {(double) smaller / total, (double) (smaller + equal) / total};
  }

  KeptNumbers copy() {
    KeptNumbers copy = new KeptNumbers();
    copy.numbers = numbers.clone();
    copy.weights = weights == null ? null : weights.clone();
    copy.size = size;
    copy.total = total;
    return copy;
  }

  /** Heap bytes held. */
  long bytes() {
    return 64 + 8L * numbers.length + (weights == null ? 0 : 8L * weights.length);
  }
}
