package dev.leat.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks servers for what they say about themselves. Safe for any thread. */
final class Http implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  String get(URI uri) throws IOException, InterruptedException {
    return body(HttpRequest.newBuilder(uri).timeout(TIMEOUT).build());
  }

  /** Headers are names and values in turn. */
  String post(URI uri, String body, String... headers) throws IOException, InterruptedException {
    return body(
        HttpRequest.newBuilder(uri)
            .timeout(TIMEOUT)
            .headers(headers)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private String body(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(
          "%s: status %d: %s".formatted(request.uri(), answer.statusCode(), answer.body()));
    }
    return answer.body();
  }

  /** The first whole number that stands behind a name in a JSON text, in quotes or not. */
  static long number(String json, String name) throws IOException {
    Matcher found = Pattern.compile("\"" + name + "\":\"?(-?\\d+)").matcher(json);
    if (!found.find()) {
      throw new IOException("no %s in %s".formatted(name, json));
    }
    return Long.parseLong(found.group(1));
  }

  /** Rows of a CSV text without its head; no value has a comma, a quote is only decoration. */
  static List<String[]> rows(String csv) {
    return csv.lines().skip(1).map(line -> line.replace("\"", "").split(",", -1)).toList();
  }

  @Override
  public void close() {
    client.close();
  }
}
