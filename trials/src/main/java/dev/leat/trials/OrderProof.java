package dev.leat.trials;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds the system calls of a server against the first law: the write of an answer that says "kept"
 * must begin only when a force had returned that covers the log's frames with its events. The force
 * must be of the same file, must have begun after the frame's write had returned, and must have
 * succeeded.
 *
 * <p>Which events a frame holds stands in its header, as {@code docs/spec} describes it; which ones
 * an answer is about, in its body. For one thread.
 */
final class OrderProof {
  private static final int FRAME_MAGIC = 'L' | 'T' << 8 | 'F' << 16 | 'R' << 24;
  private static final int BASE_OFFSET = 24;
  private static final int EVENT_COUNT = 56;
  private static final int FRAME_HEADER_BYTES = 64;
  private static final int MOST_SHOWN = 20;

  private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.1 (\\d{3})");
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
  private static final Pattern KEPT =
      Pattern.compile("\"accepted\":(\\d+).*?\"position\":(?:\"(\\d+)\"|null)", Pattern.DOTALL);

  /**
   * What was found.
   *
   * @param answers answers that say that events were kept
   * @param events how many events they are about
   * @param frames frames written to the log
   * @param forces forces of the log that succeeded
   * @param failedForces forces of the log that failed
   * @param early answers that left before their events were durable
   * @param examples the first of them, in words
   */
  record Findings(
      long answers,
      long events,
      long frames,
      long forces,
      long failedForces,
      long early,
      List<String> examples) {
    @Override
    public String toString() {
      return "%d answers for %d events, %d frames, %d forces (%d failed): %d answers left too early"
          .formatted(answers, events, frames, forces, failedForces, early);
    }
  }

  /** A frame that was written; durable from the line on at which a force of it had returned. */
  private static final class Frame {
    final long first;
    final long last;
    final long written;
    long durable = Long.MAX_VALUE;

    Frame(long first, long last, long written) {
      this.first = first;
      this.last = last;
      this.written = written;
    }
  }

  /** An answer that says that the events up to a position were kept. */
  private record Answer(long events, long last, long begin) {}

  /** What has been sent on one connection: bytes, and when each piece of them began to leave. */
  private static final class Connection {
    final StringBuilder text = new StringBuilder();
    final TreeMap<Integer, Long> begins = new TreeMap<>();
  }

  private final SystemCalls calls = new SystemCalls();
  private final Map<String, List<Frame>> unforced = new HashMap<>();
  private final TreeMap<Long, List<Frame>> frames = new TreeMap<>();
  private final Map<String, Connection> connections = new HashMap<>();
  private final List<Answer> answers = new ArrayList<>();
  private long frameCount;
  private long forces;
  private long failedForces;

  /** Takes the next line of a trace. */
  void take(String line) {
    calls.take(line).ifPresent(this::take);
  }

  private void take(SystemCall call) {
    String target = call.target();
    if (target.endsWith(".segment")) {
      switch (call.name()) {
        case "pwrite64" -> written(call, target);
        case "fdatasync", "fsync" -> forced(call, target);
        default -> {} // Reading, and filling ahead under another name, promise nothing.
      }
    } else if (target.startsWith("TCP")) {
      sent(call, target);
    }
  }

  private void written(SystemCall call, String path) {
    byte[] bytes = call.bytes();
    if (bytes.length < FRAME_HEADER_BYTES || call.returned() < FRAME_HEADER_BYTES) {
      return;
    }
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (header.getInt(0) != FRAME_MAGIC) {
      return;
    }
    long first = header.getLong(BASE_OFFSET);
    Frame frame = new Frame(first, first + header.getInt(EVENT_COUNT) - 1, call.end());
    frameCount++;
    unforced.computeIfAbsent(path, _ -> new ArrayList<>()).add(frame);
    frames.computeIfAbsent(first, _ -> new ArrayList<>()).add(frame);
  }

  private void forced(SystemCall call, String path) {
    if (call.returned() != 0) {
      failedForces++;
      return;
    }
    forces++;
    List<Frame> waiting = unforced.getOrDefault(path, new ArrayList<>());
    for (Frame frame : waiting) {
      if (frame.written < call.begin()) {
        frame.durable = Math.min(frame.durable, call.end());
      }
    }
    waiting.removeIf(frame -> frame.durable != Long.MAX_VALUE);
  }

  private void sent(SystemCall call, String connection) {
    if (call.returned() <= 0 || !isSend(call.name())) {
      return;
    }
    Connection to = connections.computeIfAbsent(connection, _ -> new Connection());
    to.begins.put(to.text.length(), call.begin());
    String known = new String(call.bytes(), ISO_8859_1);
    to.text.append(known, 0, (int) Math.min(known.length(), call.returned()));
    to.text.repeat(' ', (int) Math.max(0, call.returned() - known.length())); // What was cut.
    while (takeAnswer(to)) {
      // One after the other.
    }
  }

  private static boolean isSend(String name) {
    return name.equals("write")
        || name.equals("writev")
        || name.equals("sendto")
        || name.equals("sendmsg");
  }

  /** Takes a whole answer off a connection; false if there is none. */
  private boolean takeAnswer(Connection from) {
    int head = from.text.indexOf("\r\n\r\n");
    if (head < 0) {
      return false;
    }
    String headers = from.text.substring(0, head);
    Matcher status = STATUS.matcher(headers);
    Matcher length = LENGTH.matcher(headers);
    int end = head + 4 + (length.find() ? Integer.parseInt(length.group(1)) : 0);
    if (from.text.length() < end) {
      return false;
    }
    if (status.find() && status.group(1).startsWith("2")) {
      Matcher kept = KEPT.matcher(from.text.substring(head, end));
      if (kept.find() && kept.group(2) != null) {
        long begin = from.begins.floorEntry(0).getValue();
        answers.add(
            new Answer(Long.parseLong(kept.group(1)), Long.parseLong(kept.group(2)), begin));
      }
    }
    consume(from, end);
    return true;
  }

  private static void consume(Connection from, int end) {
    from.text.delete(0, end);
    Map.Entry<Integer, Long> running = from.begins.floorEntry(end);
    TreeMap<Integer, Long> left = new TreeMap<>();
    if (running != null) {
      left.put(0, running.getValue());
    }
    from.begins.tailMap(end, true).forEach((at, begin) -> left.put(at - end, begin));
    from.begins.clear();
    from.begins.putAll(left);
  }

  /** What all lines together say. */
  Findings findings() {
    long events = 0;
    long early = 0;
    List<String> examples = new ArrayList<>();
    for (Answer answer : answers) {
      events += answer.events();
      String fault = fault(answer);
      if (!fault.isEmpty()) {
        early++;
        if (examples.size() < MOST_SHOWN) {
          examples.add(fault);
        }
      }
    }
    return new Findings(
        answers.size(), events, frameCount, forces, failedForces, early, List.copyOf(examples));
  }

  private String fault(Answer answer) {
    long next = answer.last() - answer.events() + 1;
    while (next <= answer.last()) {
      Frame covering = durableBy(next, answer.begin());
      if (covering == null) {
        return "the answer for the events %d to %d began at line %d, when the event %d was not forced"
            .formatted(answer.last() - answer.events() + 1, answer.last(), answer.begin(), next);
      }
      next = covering.last + 1;
    }
    return "";
  }

  private @Nullable Frame durableBy(long offset, long line) {
    for (List<Frame> begun : frames.headMap(offset, true).descendingMap().values()) {
      for (Frame frame : begun) {
        if (frame.first <= offset && offset <= frame.last && frame.durable < line) {
          return frame;
        }
      }
      if (begun.stream().anyMatch(frame -> frame.last >= frame.first)) {
        return null; // Frames follow each other: an earlier one does not reach so far.
      }
    }
    return null;
  }
}
