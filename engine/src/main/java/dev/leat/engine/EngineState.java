package dev.leat.engine;

import dev.leat.engine.Ledger.StreamCounts;
import dev.leat.pipeline.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the engine knows at a position and a commit makes durable with it: the verdicts so far,
 * which definition is in force and since where, and how replays of dead letters stand. A function
 * of the log below the position. For the worker's thread.
 */
final class EngineState {
  private static final int FORMAT = 1;
  private static final int MAX_JOBS = 20;
  private static final int MAX_DEFINITION_BYTES = 16 << 20;
  private static final int SENT_AGAIN = 4;

  /** By stream: a count for each verdict, and one of dead letters sent again. */
  private final Map<String, long[]> counts = new HashMap<>();

  private final List<InForce> definitions = new ArrayList<>();
  private final TreeMap<Long, ReplayProgress> jobs = new TreeMap<>();
  private long controls;
  private long resent;
  private long lost;

  /** The definition that decides on the next event; null if the log has named none yet. */
  @Nullable InForce definition() {
    return definitions.isEmpty() ? null : definitions.getLast();
  }

  /** All definitions that events still in the log were decided on under, the oldest first. */
  List<InForce> definitions() {
    return List.copyOf(definitions);
  }

  /** Another definition from this offset on; false if it is the one in force. */
  boolean define(long from, byte[] definition) {
    InForce present = definition();
    if (present != null && Arrays.equals(present.definition(), definition)) {
      return false;
    }
    definitions.add(new InForce(from, present == null ? 1 : present.version() + 1, definition));
    return true;
  }

  /** Forgets definitions that no event from this offset on was decided under. */
  void forgetBelow(long offset) {
    while (definitions.size() > 1 && definitions.get(1).from() <= offset) {
      definitions.removeFirst();
    }
  }

  void control() {
    controls++;
  }

  /** So many offsets hold nothing that this view is to decide on. */
  void passOver(long offsets) {
    controls += offsets;
  }

  /** Offsets that the log could not give any more. */
  long lost() {
    return lost;
  }

  void lost(long offsets) {
    lost += offsets;
  }

  void count(String stream, Verdict verdict) {
    of(stream)[index(verdict)]++;
  }

  /** Part of the format: never give one another number. */
  private static int index(Verdict verdict) {
    return switch (verdict) {
      case STORED -> 0;
      case DUPLICATE -> 1;
      case DEAD_LETTERED -> 2;
      case FILTERED -> 3;
    };
  }

  private long[] of(String stream) {
    return counts.computeIfAbsent(stream, _ -> new long[SENT_AGAIN + 1]);
  }

  void begin(ControlRecord.BeginReplay begin, long offset) {
    jobs.put(begin.job(), ReplayProgress.begun(begin, offset));
    while (jobs.size() > MAX_JOBS) {
      jobs.pollFirstEntry();
    }
  }

  /** A dead letter that was sent again got its verdict. */
  void resent(ControlRecord.Resend resend, Verdict verdict) {
    resent++;
    of(resend.stream())[SENT_AGAIN]++;
    jobs.computeIfPresent(resend.job(), (_, job) -> job.sent(resend.deadLetter(), verdict));
  }

  void end(ControlRecord.EndReplay end) {
    jobs.computeIfPresent(end.job(), (_, job) -> job.ended(end.state(), end.detail()));
  }

  /** The replays of late, the oldest first. */
  List<ReplayProgress> jobs() {
    return List.copyOf(jobs.values());
  }

  /** The verdicts on everything below the position. */
  Ledger ledger(long position) {
    Map<String, StreamCounts> streams = new HashMap<>();
    counts.forEach(
        (stream, count) ->
            streams.put(
                stream,
                new StreamCounts(
                    count[index(Verdict.STORED)],
                    count[index(Verdict.DUPLICATE)],
                    count[index(Verdict.DEAD_LETTERED)],
                    count[SENT_AGAIN],
                    count[index(Verdict.FILTERED)])));
    return new Ledger(position, controls, resent, lost, streams);
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(FORMAT);
      out.writeLong(controls);
      out.writeLong(resent);
      out.writeLong(lost);
      out.writeInt(counts.size());
      for (Map.Entry<String, long[]> stream : new TreeMap<>(counts).entrySet()) {
        out.writeUTF(stream.getKey());
        for (long count : stream.getValue()) {
          out.writeLong(count);
        }
      }
      out.writeInt(definitions.size());
      for (InForce definition : definitions) {
        out.writeLong(definition.from());
        out.writeLong(definition.version());
        out.writeInt(definition.definition().length);
        out.write(definition.definition());
      }
      out.writeInt(jobs.size());
      for (ReplayProgress job : jobs.values()) {
        job.write(out);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /**
   * The state that was encoded; a new one if the bytes are empty.
   *
   * @throws IllegalStateException if a newer program wrote it
   */
  static EngineState decode(byte[] bytes) {
    EngineState state = new EngineState();
    if (bytes.length == 0) {
      return state;
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readInt();
      if (format != FORMAT) {
        throw new OtherFormatException("the state in the data directory", format, FORMAT);
      }
      state.read(in);
    } catch (IOException broken) {
      throw new IllegalStateException("the state in the data directory is cut short", broken);
    }
    return state;
  }

  private void read(DataInputStream in) throws IOException {
    controls = in.readLong();
    resent = in.readLong();
    lost = in.readLong();
    for (int left = in.readInt(); left > 0; left--) {
      long[] count = of(in.readUTF());
      for (int i = 0; i < count.length; i++) {
        count[i] = in.readLong();
      }
    }
    for (int left = in.readInt(); left > 0; left--) {
      long from = in.readLong();
      long version = in.readLong();
      int length = in.readInt();
      if (length < 0 || length > MAX_DEFINITION_BYTES) {
        throw new IOException("a definition of %d bytes".formatted(length));
      }
      definitions.add(new InForce(from, version, in.readNBytes(length)));
    }
    for (int left = in.readInt(); left > 0; left--) {
      ReplayProgress job = ReplayProgress.read(in);
      jobs.put(job.id(), job);
    }
  }
}
