package dev.leat.engine;

import dev.leat.event.Replay;
import dev.leat.pipeline.Verdict;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * How a job that sends dead letters again stands, as far as the log tells. Immutable.
 *
 * @param began the offset of the record that began it: dead letters from there on are not its
 *     business
 * @param lastDeadLetter the newest dead letter it has sent; -1 if none
 */
record ReplayProgress(
    long id,
    Replay.State state,
    Replay.Request request,
    long began,
    long lastDeadLetter,
    long matched,
    long stored,
    long failedAgain,
    long other,
    String detail) {

  static ReplayProgress begun(ControlRecord.BeginReplay begin, long offset) {
    return new ReplayProgress(
        begin.job(),
        Replay.State.RUNNING,
        begin.request(),
        offset,
        -1,
        begin.matched(),
        0,
        0,
        0,
        "");
  }

  ReplayProgress sent(long deadLetter, Verdict verdict) {
    return new ReplayProgress(
        id,
        state,
        request,
        began,
        Math.max(deadLetter, lastDeadLetter),
        matched,
        stored + (verdict == Verdict.STORED ? 1 : 0),
        failedAgain + (verdict == Verdict.DEAD_LETTERED ? 1 : 0),
        other + (verdict == Verdict.DUPLICATE || verdict == Verdict.FILTERED ? 1 : 0),
        detail);
  }

  ReplayProgress ended(Replay.State end, String why) {
    return new ReplayProgress(
        id, end, request, began, lastDeadLetter, matched, stored, failedAgain, other, why);
  }

  long sent() {
    return stored + failedAgain + other;
  }

  Replay.Job job() {
    return new Replay.Job(id, state, request, matched, sent(), stored, failedAgain, other, detail);
  }

  void write(DataOutputStream out) throws IOException {
    out.writeLong(id);
    out.writeUTF(state.name());
    ReplayCodec.write(out, request);
    out.writeLong(began);
    out.writeLong(lastDeadLetter);
    out.writeLong(matched);
    out.writeLong(stored);
    out.writeLong(failedAgain);
    out.writeLong(other);
    ReplayCodec.writeText(out, detail);
  }

  static ReplayProgress read(DataInputStream in) throws IOException {
    return new ReplayProgress(
        in.readLong(),
        Replay.State.valueOf(in.readUTF()),
        ReplayCodec.readRequest(in),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        ReplayCodec.readText(in));
  }
}
