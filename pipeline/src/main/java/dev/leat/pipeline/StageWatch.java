package dev.leat.pipeline;

/**
 * Whoever wants to know how long the stages take, of some events: the pipeline has no clock. For
 * the thread that runs the pipeline.
 */
public interface StageWatch {
  /** What stages remember of an event that is stored, for those to come. */
  String REMEMBER = "remember";

  /** Counting the event in the metrics. */
  String METRICS = "metrics";

  /** Nobody wants to know. */
  StageWatch NONE =
      new StageWatch() {
        @Override
        public boolean wantsNext() {
          return false;
        }

        @Override
        public long nanoTime() {
          return 0;
        }

        @Override
        public void took(String stage, long nanos) {}
      };

  /** Whether the event that is to be decided on next is one of them. */
  boolean wantsNext();

  /** As {@link System#nanoTime}. */
  long nanoTime();

  /**
   * A stage is through with the event.
   *
   * @param stage its name, as {@code dead_letters.stage} has it, {@link #REMEMBER} or {@link
   *     #METRICS}
   */
  void took(String stage, long nanos);
}
