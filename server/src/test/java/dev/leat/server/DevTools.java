package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One page of a browser over the DevTools protocol: commands with their answers, and events, of
 * which only what went wrong is kept.
 *
 * <p>Source: https://chromedevtools.github.io/devtools-protocol
 */
final class DevTools implements WebSocket.Listener, AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Map<Long, CompletableFuture<Map<String, @Nullable Object>>> waiting =
      new ConcurrentHashMap<>();
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final StringBuilder message = new StringBuilder();
  private @Nullable WebSocket socket;
  private long last;

  static DevTools connect(HttpClient http, URI page) throws Exception {
    DevTools tools = new DevTools();
    tools.socket =
        http.newWebSocketBuilder().buildAsync(page, tools).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return tools;
  }

  /** Has a command done; its result. */
  Map<String, @Nullable Object> call(String method, Map<String, ?> parameters) throws Exception {
    long id = ++last;
    CompletableFuture<Map<String, @Nullable Object>> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    String command =
        JsonText.of(
            json ->
                json.beginObject()
                    .field("id", id)
                    .field("method", method)
                    .field("params", parameters)
                    .endObject());
    Objects.requireNonNull(socket).sendText(command, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  void forgive(String part) {
    problems.removeIf(problem -> problem.contains(part));
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean whole) {
    message.append(part);
    if (whole) {
      String text = message.toString();
      message.setLength(0);
      take(Json.object(text.getBytes(UTF_8)));
    }
    from.request(1);
    return CompletableFuture.completedStage(null);
  }

  private void take(Map<String, @Nullable Object> message) {
    if (message.get("id") == null) {
      event(String.valueOf(message.get("method")), Json.asObject(message.get("params")));
      return;
    }
    CompletableFuture<Map<String, @Nullable Object>> answer =
        waiting.remove(Json.asLong(message.get("id"), -1));
    if (answer == null) {
      return;
    }
    if (message.get("error") != null) {
      answer.completeExceptionally(new IllegalStateException(message.get("error").toString()));
    } else {
      answer.complete(Json.asObject(message.get("result")));
    }
  }

  private void event(String method, Map<String, @Nullable Object> parameters) {
    switch (method) {
      case "Runtime.exceptionThrown" -> problems.add("exception: " + parameters);
      case "Runtime.consoleAPICalled" -> {
        if ("error".equals(parameters.get("type")) || "warning".equals(parameters.get("type"))) {
          problems.add("console: " + parameters.get("args"));
        }
      }
      case "Log.entryAdded" -> {
        Map<String, @Nullable Object> entry = Json.asObject(parameters.get("entry"));
        if ("error".equals(entry.get("level")) || "violation".equals(entry.get("source"))) {
          problems.add("log: " + entry.get("text") + " " + entry.get("url"));
        }
      }
      default -> {}
    }
  }

  @Override
  public void close() {
    Objects.requireNonNull(socket).abort();
  }
}
