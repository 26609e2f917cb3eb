package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import picocli.CommandLine;

/** A server on loopback that answers what the test says, and commands that are run against it. */
final class FakeServer implements AutoCloseable {
  private record Scripted(int status, String body) {}

  /** What a command left behind. */
  record Run(int exit, String out, String err) {}

  /** Method, address and body of every request. */
  final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  private final Queue<Scripted> script = new ConcurrentLinkedQueue<>();
  private final HttpServer server;

  FakeServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException noPort) {
      throw new UncheckedIOException(noPort);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /** What the next request is answered; a status of 0 is no answer at all. */
  FakeServer answer(int status, String body) {
    script.add(new Scripted(status, body));
    return this;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Runs a command against this server. */
  Run run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    int exit =
        line.execute(
            Stream.concat(Stream.of(arguments), Stream.of("--url", url())).toArray(String[]::new));
    return new Run(exit, out.toString(), err.toString());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8).strip();
      requests.add(
          (exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body).strip());
      Scripted next = script.remove();
      if (next.status() == 0) {
        return;
      }
      byte[] answer = next.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(next.status(), answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
