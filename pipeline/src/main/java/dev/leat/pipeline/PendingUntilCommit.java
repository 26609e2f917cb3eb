package dev.leat.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Things to be kept until the cut that they are part of is durable. For one thread. */
final class PendingUntilCommit<T> {
  private List<T> uncut = new ArrayList<>();
  private final ArrayDeque<Cut<T>> cuts = new ArrayDeque<>();

  private record Cut<T>(long number, List<T> things) {}

  /** Adds what the next cut has. */
  void add(T thing) {
    uncut.add(thing);
  }

  /** All things so far are in the cut. */
  void cut(long number) {
    if (!uncut.isEmpty()) {
      cuts.add(new Cut<>(number, uncut));
      uncut = new ArrayList<>();
    }
  }

  /** Lets go of what is in this cut and those before. */
  void committed(long number, Consumer<T> receiver) {
    while (!cuts.isEmpty() && cuts.getFirst().number() <= number) {
      cuts.removeFirst().things().forEach(receiver);
    }
  }

  /** Passes on what the next cut has. */
  void forEachUncut(Consumer<T> receiver) {
    uncut.forEach(receiver);
  }

  void forEach(Consumer<T> receiver) {
    cuts.forEach(cut -> cut.things().forEach(receiver));
    uncut.forEach(receiver);
  }
}
