package dev.leat.pipeline;

import dev.leat.event.EventCursor;

/** The metrics of one stream, as its events meet them. For the thread that runs the pipeline. */
interface StreamAggregates {
  /** A stream nothing is counted of. */
  StreamAggregates NONE =
      new StreamAggregates() {
        @Override
        public void add(EventCursor event, Row row) {}

        @Override
        public void corrected(long target, long position) {}
      };

  /** Counts the event whose row is complete, though not ended. */
  void add(EventCursor event, Row row);

  /** The event at the position {@code target} counts no more, because of the one at this. */
  void corrected(long target, long position);
}
