package dev.leat.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The judge of traces, on traces that were made by hand. */
class OrderProofTest {
  private static final String LOG = "9</d/log/00000000000000000000-0000000000000001.segment>";
  private static final String PEER = "7<TCPv6:[[::ffff:127.0.0.1]:5328->[::ffff:127.0.0.1]:4]>";
  private static final String FORCE = "2 fdatasync(" + LOG + ") = 0";

  @Test
  void anAnswerAfterTheForceIsRight() {
    OrderProof.Findings found = judge(frame(0, 3), FORCE, answer(2, 1), answer(1, 2));
    assertEquals(0, found.early(), found::toString);
    assertEquals(2, found.answers());
    assertEquals(3, found.events());
  }

  @Test
  void anAnswerThatOverlapsTheForceIsEarly() {
    OrderProof.Findings found =
        judge(
            frame(0, 1),
            "2 fdatasync(" + LOG + " <unfinished ...>",
            answer(1, 0),
            "2 <... fdatasync resumed>) = 0");
    assertEquals(1, found.early(), found::toString);
    assertTrue(found.examples().getFirst().contains("event 0 was not forced"));
  }

  @Test
  void anAnswerThatBeginsAfterAForceThatOthersInterruptedIsRight() {
    OrderProof.Findings found =
        judge(
            frame(0, 1),
            "2 fdatasync(" + LOG + " <unfinished ...>",
            "3 close(4</x>) = 0",
            "2 <... fdatasync resumed>) = 0 (DELAYED)",
            answer(1, 0));
    assertEquals(0, found.early(), found::toString);
  }

  @Test
  void whatDoesNotCoverTheFrameDoesNotCount() {
    String failed = "2 fdatasync(" + LOG + ") = -1 EIO (Input/output error) (INJECTED)";
    String other = "2 fdatasync(8</d/log/00000000000000000000-0000000000000002.segment>) = 0";
    String never = "2 fdatasync(" + LOG + " <unfinished ...>";
    for (String useless : List.of(failed, other, never, "2 close(" + LOG + ") = 0")) {
      assertEquals(1, judge(frame(0, 1), useless, answer(1, 0)).early(), useless);
    }
    assertEquals(
        1, judge(FORCE, frame(0, 1), answer(1, 0)).early(), "forced before it was written");
    assertEquals(1, judge(answer(1, 0), frame(0, 1), FORCE).early(), "answered before all");
    assertEquals(1, judge(frame(0, 2), FORCE, answer(1, 2)).early(), "an event that is nowhere");
    assertEquals(1, judge(frame(0, 2), FORCE, frame(2, 2), answer(4, 3)).early(), "half of it");
  }

  @Test
  void aForceThatBeganBeforeTheWriteHadReturnedDoesNotCount() {
    String whole = frame(0, 1);
    int cut = whole.lastIndexOf(") = ");
    OrderProof.Findings found =
        judge(
            whole.substring(0, cut) + " <unfinished ...>",
            "3 fdatasync(" + LOG + " <unfinished ...>",
            "2 <... pwrite64 resumed>) = 512",
            "3 <... fdatasync resumed>) = 0",
            answer(1, 0));
    assertEquals(1, found.early(), found::toString);
  }

  @Test
  void answersInPiecesAndBehindEachOtherAreTakenApart() {
    String body = "{\"accepted\":1,\"position\":\"0\",\"durability\":\"disk\"}";
    String head = "HTTP/1.1 202 Accepted\\r\\nContent-Length: " + body.length() + "\\r\\n\\r\\n";
    String first = "1 write(%s, \"%s\", %d) = %d";
    OrderProof.Findings found =
        judge(
            first.formatted(PEER, head, 99, head.replace("\\r\\n", "rn").length()),
            frame(0, 1),
            FORCE,
            first.formatted(PEER, body.replace("\"", "\\\""), body.length(), body.length()),
            answer(1, 0));
    assertEquals(2, found.answers(), found::toString);
    assertEquals(1, found.early(), "the first began before the force");
  }

  private static OrderProof.Findings judge(String... lines) {
    OrderProof proof = new OrderProof();
    for (String line : lines) {
      proof.take(line);
    }
    return proof.findings();
  }

  private static String frame(long first, int events) {
    ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(0, 'L' | 'T' << 8 | 'F' << 16 | 'R' << 24);
    header.putLong(24, first).putInt(56, events);
    StringBuilder text = new StringBuilder();
    for (byte each : header.array()) {
      text.append("\\%03o".formatted(each & 0xff));
    }
    return "2 pwrite64(%s, \"%s\"..., 512, 512) = 512".formatted(LOG, text);
  }

  private static String answer(int events, long last) {
    String body = "{\\\"accepted\\\":%d,\\\"position\\\":\\\"%d\\\"}".formatted(events, last);
    int length = body.replace("\\", "").length();
    String text = "HTTP/1.1 202 Accepted\\r\\nContent-Length: " + length + "\\r\\n\\r\\n" + body;
    int bytes = text.replace("\\r\\n", "rn").replace("\\\"", "\"").length();
    return "1 write(%s, \"%s\", %d) = %d".formatted(PEER, text, bytes, bytes);
  }
}
