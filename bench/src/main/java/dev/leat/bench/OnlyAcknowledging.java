package dev.leat.bench;

import java.io.IOException;

/** A system of which nothing is wanted but that it acknowledges: it is done when it has. */
interface OnlyAcknowledging extends Subject {
  @Override
  default long decided(long acked) throws IOException, InterruptedException {
    return acked;
  }

  @Override
  default Results results(long closedBy) throws IOException, InterruptedException {
    return Results.NONE;
  }

  @Override
  default long bytesAtRest() throws IOException, InterruptedException {
    return 0;
  }
}
