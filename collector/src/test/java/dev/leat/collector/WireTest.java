package dev.leat.collector;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only shows on the wire: framing, lies about it, and what becomes of the connection. */
final class WireTest {
  private static final String EVENT =
      "{\"specversion\":\"1.0\",\"id\":\"i\",\"source\":\"/s\",\"type\":\"t\"}";
  private static final String POST =
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/cloudevents+json\r\n";

  private final Door door =
      new Door(CollectorOptions.defaults().withMaxEventBytes(1 << 16).withMaxBodyBytes(1 << 17));

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void chunkedBodyIsRead() throws IOException {
    String chunks =
        "5\r\n"
            + EVENT.substring(0, 5)
            + "\r\n"
            + Integer.toHexString(EVENT.length() - 5)
            + "\r\n"
            + EVENT.substring(5)
            + "\r\n0\r\n\r\n";
    assertStatus(
        202, talk(POST + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunks));
  }

  @Test
  void twoRequestsShareAConnection() throws IOException {
    String one = POST + "Content-Length: " + EVENT.length() + "\r\n";
    String answers = talk(one + "\r\n" + EVENT + one + "Connection: close\r\n\r\n" + EVENT);
    assertEquals(2, answers.split("202 Accepted", -1).length - 1, answers);
    assertTrue(answers.contains("\"position\":\"1\""), answers);
  }

  @Test
  void headIsNotAllowed() throws IOException {
    String answer = talk("HEAD /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertStatus(405, answer);
    assertTrue(answer.contains("Allow: POST"), answer);
  }

  @Test
  void announcedTooLargeIsRefusedUnread() throws IOException {
    String answer = talk(POST + "Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
    assertStatus(413, answer);
    assertTrue(answer.contains("/problems/body-too-large"), answer);
    assertTrue(answer.contains("Connection: close"), answer);
  }

  @Test
  void refusedSenderThatWaitsIsNotToldToGoOn() throws IOException {
    String answer =
        talk(POST + "Content-Encoding: br\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n");
    assertStatus(415, answer);
    String welcome =
        talk(
            POST
                + "Connection: close\r\nExpect: 100-continue\r\nContent-Length: "
                + EVENT.length()
                + "\r\n\r\n"
                + EVENT);
    assertStatus(100, welcome);
    assertTrue(welcome.contains("202 Accepted"), welcome);
  }

  @Test
  void smallRefusedBodyLeavesTheConnectionOpen() throws IOException {
    String refused = POST + "Content-Encoding: br\r\nContent-Length: 10\r\n\r\n0123456789";
    String good =
        POST + "Connection: close\r\nContent-Length: " + EVENT.length() + "\r\n\r\n" + EVENT;
    String answers = talk(refused + good);
    assertStatus(415, answers);
    assertTrue(answers.contains("202 Accepted"), answers);
  }

  @Test
  void bodyShorterThanAnnouncedKeepsNothing() throws IOException {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write((POST + "Content-Length: 5000\r\n\r\n" + EVENT).getBytes(ISO_8859_1));
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      assertStatus(400, answer);
      assertTrue(answer.contains("/problems/incomplete-body"), answer);
    }
    assertEquals(0, door.log.appends());
    assertEquals(0, door.collector.counts().inFlightBytes());
  }

  @Test
  void twoFramingsAreRefused() throws IOException {
    String answer =
        talk(POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /");
    assertStatus(400, answer);
    assertEquals(0, door.log.appends());
  }

  /** What is left of a refused body must never be read as the next request. */
  @Test
  void restOfARefusedBodyIsNoRequest() throws IOException {
    String smuggled = POST + "Content-Length: " + EVENT.length() + "\r\n\r\n" + EVENT;
    String body = " ".repeat(1 << 18) + smuggled.repeat(1 << 13);
    String answers = talk(POST + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    assertStatus(413, answers);
    assertEquals(1, answers.split("HTTP/1.1 ", -1).length - 1, answers);
    assertEquals(0, door.log.appends());
  }

  @Test
  void malformedChunkIsRefused() throws IOException {
    String answer = talk(POST + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n" + EVENT);
    assertStatus(400, answer);
    assertEquals(0, door.log.appends());
  }

  @Test
  void chunkedBodyWithoutEndIsCut() throws IOException {
    String chunk = "4000\r\n" + " ".repeat(0x4000) + "\r\n";
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write((POST + "Transfer-Encoding: chunked\r\n\r\n").getBytes(ISO_8859_1));
      byte[] bytes = chunk.getBytes(ISO_8859_1);
      // Eight chunks fill the limit; the ninth passes it.
      for (int i = 0; i < 9; i++) {
        socket.getOutputStream().write(bytes);
      }
      assertStatus(413, firstLine(socket.getInputStream()));
    }
  }

  @Test
  void compressedBodyIsReadOverHttp() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(EVENT.getBytes(ISO_8859_1));
    }
    for (String encoding : new String[] {"gzip", "GZIP", "x-gzip"}) {
      HttpRequest request =
          door.request()
              .header("Content-Type", "application/cloudevents+json")
              .header("Content-Encoding", encoding)
              .POST(BodyPublishers.ofByteArray(bytes.toByteArray()))
              .build();
      assertEquals(202, door.send(request).statusCode(), encoding);
    }
    assertEquals(
        400, door.post("application/json", EVENT, "Content-Encoding", "zstd").statusCode());
    assertEquals(
        202, door.post("application/json", EVENT, "Content-Encoding", "identity").statusCode());
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port());
    socket.setSoTimeout(5_000);
    return socket;
  }

  /** Sends the bytes and returns all that comes until the server closes the connection. */
  private String talk(String request) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.getInputStream().transferTo(answer);
      return answer.toString(ISO_8859_1);
    } catch (SocketTimeoutException stillOpen) {
      throw new AssertionError(
          "the connection was not closed after: " + answer.toString(ISO_8859_1), stillOpen);
    }
  }

  private static String firstLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private static void assertStatus(int status, String answer) {
    assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
  }
}
