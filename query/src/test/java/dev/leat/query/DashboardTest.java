package dev.leat.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The files of the dashboard, and the figures that keep it alive, over HTTP. */
class DashboardTest {
  private static final Pattern IMPORT =
      Pattern.compile("(?:\\bfrom\\s*\"|\\bfrom\\s+'|\\bimport\\s*\\(?\\s*[\"'])([^\"'\\s]+)[\"']");

  private static final Pattern LINK = Pattern.compile("(?:src|href)=\"(/[^\"]*)\"");
  private static final Pattern OUTSIDE =
      Pattern.compile("(?:https?:)?//(?!www\\.w3\\.org/)[\\w-]+\\.[\\w.-]+");
  private static final Pattern INLINE =
      Pattern.compile("<style|\\sstyle=|\\son\\w+=|<script(?![^>]*\\ssrc=)|javascript:");

  private final LoopbackServer server = new LoopbackServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void thePageAllowsNothingButWhatComesFromHere() throws Exception {
    HttpResponse<String> page = server.get("/");
    assertEquals(200, page.statusCode());
    assertEquals("text/html; charset=utf-8", header(page, "Content-Type"));
    assertEquals("nosniff", header(page, "X-Content-Type-Options"));
    assertEquals("no-referrer", header(page, "Referrer-Policy"));
    String policy = header(page, "Content-Security-Policy");
    assertTrue(
        policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), policy);
    assertFalse(policy.contains("unsafe"), policy);
    assertEquals(List.of(), found(INLINE, page.body()));
  }

  @Test
  void everyFileIsServedAndSpeaksOfNoOtherHost() throws Exception {
    List<String> files = files();
    assertTrue(files.size() > 30, files.toString());
    for (String file : files) {
      HttpResponse<String> asset = server.get("/ui/" + file);
      assertEquals(200, asset.statusCode(), file);
      String type =
          file.endsWith(".js")
              ? "text/javascript; charset=utf-8"
              : file.endsWith(".css") ? "text/css; charset=utf-8" : "image/svg+xml";
      assertEquals(type, header(asset, "Content-Type"), file);
      assertEquals("no-cache", header(asset, "Cache-Control"), file);
      assertEquals(List.of(), found(OUTSIDE, asset.body().replaceAll("(?m)^\\s*//.*$", "")), file);
      assertFalse(Pattern.compile("\\sstyle=[\"$]").matcher(asset.body()).find(), file);
      assertTrue(asset.body().lines().count() <= 300, file + " is too long");
    }
  }

  @Test
  void everyImportLeadsSomewhere() throws Exception {
    List<String> asked = new ArrayList<>();
    for (String file : files()) {
      if (file.endsWith(".js")) {
        URI module = URI.create("/ui/" + file);
        for (String name : found(IMPORT, server.get(module.getPath()).body())) {
          asked.add(module.resolve(name).getPath());
        }
      }
    }
    asked.addAll(found(LINK, server.get("/").body()));
    assertTrue(asked.contains("/ui/lib/lit-html.js"), asked.toString());
    assertTrue(asked.contains("/ui/lib/uplot.js"), asked.toString());
    for (String path : asked.stream().distinct().filter(path -> path.startsWith("/ui/")).toList()) {
      assertEquals(200, server.get(path).statusCode(), path);
    }
    for (String library : List.of("/ui/lib/lit-html.js", "/ui/lib/uplot.js")) {
      assertEquals(List.of(), found(IMPORT, server.get(library).body()), library);
    }
  }

  @Test
  void whatABrowserHasAlreadyIsNotSentAgain() throws Exception {
    String tag = header(server.get("/ui/app.js"), "ETag");
    HttpResponse<String> again =
        server.send(server.request("/ui/app.js").header("If-None-Match", tag));
    assertEquals(304, again.statusCode());
    assertEquals("", again.body());
    assertEquals(tag, header(again, "ETag"));
    HttpResponse<String> older =
        server.send(server.request("/ui/app.js").header("If-None-Match", "\"0\""));
    assertEquals(200, older.statusCode());
  }

  @Test
  void nothingElseComesOutOfTheJar() throws Exception {
    for (String path :
        List.of(
            "/ui/",
            "/ui/none.js",
            "/ui/index.html",
            "/ui/pages/",
            "/ui/lib/",
            "/ui/a.class",
            "/ui/..%2fQueryService.class",
            "/ui/%2e%2e/x.js",
            "/ui/lib/../app.txt")) {
      int status = server.status(path);
      assertTrue(status == 404 || status == 400, path + " " + status);
    }
  }

  @Test
  void whoLooksOnGetsThePastAndThenTheNext() throws Exception {
    server.feed.publish("{\"n\":1}".getBytes(UTF_8));
    server.feed.publish("{\"n\":2}".getBytes(UTF_8));
    try (InputStream in = server.stream("/v1/live");
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
      assertEquals("retry: 2000", lines.readLine());
      assertEquals("event: history", lines.readLine());
      assertEquals("data: [{\"n\":1},{\"n\":2}]", lines.readLine());
      assertEquals("", lines.readLine());
      server.feed.publish("{\"n\":3}".getBytes(UTF_8));
      assertEquals("event: sample", lines.readLine());
      assertEquals("data: {\"n\":3}", lines.readLine());
      assertEquals("", lines.readLine());
      server.feed.close();
      assertEquals(null, lines.readLine()); // A whole answer: the end was meant.
    }
    HttpResponse<String> late = server.get("/v1/live");
    assertEquals(503, late.statusCode());
    assertEquals("5", header(late, "Retry-After"));
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.groupCount() == 0 ? match.group() : match.group(1))
        .toList();
  }

  /** As they lie in the directory that the jar is made of. */
  private static List<String> files() throws Exception {
    Path root = Path.of(Objects.requireNonNull(DashboardTest.class.getResource("ui")).toURI());
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .filter(file -> !file.equals("index.html"))
          .sorted()
          .toList();
    }
  }
}
