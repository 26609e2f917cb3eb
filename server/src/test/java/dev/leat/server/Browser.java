package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Chromium without a window, with one page in it. What goes wrong on the page - errors,
 * refused loads, breaches of the content policy - is collected. For one thread.
 */
final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration INSTALLING = Duration.ofMinutes(3);
  private static final String LISTENING = "DevTools listening on ";

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final DevTools page;

  private Browser(Process process, URI page) throws Exception {
    this.process = process;
    this.page = DevTools.connect(http, page);
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      this.page.call(domain + ".enable", Map.of());
    }
  }

  /** Where this machine has one; a Debian on which we may install it gets one. */
  static Optional<Path> find() throws Exception {
    Optional<Path> there = executable();
    Path installer = Path.of("/usr/bin/apt-get");
    if (there.isPresent()
        || !Files.isExecutable(installer)
        || !"root".equals(System.getProperty("user.name"))) {
      return there;
    }
    Process install =
        new ProcessBuilder(
                installer.toString(), "install", "-y", "--no-install-recommends", "chromium")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!install.waitFor(INSTALLING.toSeconds(), TimeUnit.SECONDS)) {
      install.destroy();
    }
    return executable();
  }

  static Optional<Path> executable() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts one.
   *
   * @param profile an empty directory for what it keeps
   */
  static Browser start(Path executable, Path profile) throws Exception {
    Process process =
        new ProcessBuilder(
                executable.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--hide-scrollbars",
                "--force-color-profile=srgb",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .start();
    try {
      return new Browser(process, firstPage(endpoint(process)));
    } catch (Exception failed) {
      process.destroyForcibly();
      throw failed;
    }
  }

  /** What it says first is where it listens; the rest is read away so that it never waits. */
  private static URI endpoint(Process process) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    List<String> said = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.add(line);
      if (line.startsWith(LISTENING)) {
        Thread.ofVirtual().start(() -> readAway(lines));
        return URI.create(line.substring(LISTENING.length()));
      }
    }
    throw new IOException("Chromium did not start: " + said);
  }

  private static void readAway(BufferedReader lines) {
    try {
      String line = lines.readLine();
      while (line != null) {
        line = lines.readLine();
      }
    } catch (IOException ended) {
      // With the process.
    }
  }

  private static URI firstPage(URI endpoint) throws Exception {
    URI list = URI.create("http://127.0.0.1:%d/json/list".formatted(endpoint.getPort()));
    try (HttpClient http = HttpClient.newHttpClient()) {
      byte[] body =
          http.send(
                  HttpRequest.newBuilder(list).timeout(PATIENCE).build(),
                  BodyHandlers.ofByteArray())
              .body();
      for (Object target : Json.asList(Json.parse(body))) {
        Map<String, @Nullable Object> one = Json.asObject(target);
        if ("page".equals(one.get("type"))) {
          return URI.create(Objects.requireNonNull(one.get("webSocketDebuggerUrl")).toString());
        }
      }
    }
    throw new IOException("Chromium has no page");
  }

  /** Opens an address, or goes to another part of the page that is open. */
  void open(String url) throws Exception {
    page.call("Page.navigate", Map.of("url", url));
    await("document.readyState === 'complete'");
  }

  /** The value of an expression, as JSON has it; a promise is waited for. */
  @Nullable Object evaluate(String expression) throws Exception {
    Map<String, @Nullable Object> answer =
        page.call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.get("exceptionDetails") != null) {
      throw new AssertionError(expression + " failed: " + answer.get("exceptionDetails"));
    }
    return Json.asObject(answer.get("result")).get("value");
  }

  /** Waits until an expression is true, looking at it from frame to frame. */
  void await(String condition) throws Exception {
    String loop =
        """
        new Promise((done, fail) => {
          const end = performance.now() + %d;
          const look = () => {
            let now = false;
            try { now = %s; } catch (notYet) { now = false; }
            if (now) done(true);
            else if (performance.now() > end) done(false);
            else setTimeout(look, 30);
          };
          look();
        })"""
            .formatted(PATIENCE.toMillis(), condition);
    if (!Boolean.TRUE.equals(evaluate(loop))) {
      throw new AssertionError(
          "never came true: %s; problems: %s; the page says: %s"
              .formatted(
                  condition, problems(), evaluate("document.body.innerText.slice(0, 2000)")));
    }
  }

  /** Waits for an element and clicks into its middle. */
  void click(String selector) throws Exception {
    String found = "document.querySelector(%s)".formatted(quoted(selector));
    await(found + " !== null && !" + found + ".disabled");
    evaluate(found + ".scrollIntoView({block: 'center', behavior: 'instant'})");
    List<?> at =
        Json.asList(
            evaluate(
                "(() => { const r = %s.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()"
                    .formatted(found)));
    for (String type : List.of("mousePressed", "mouseReleased")) {
      page.call(
          "Input.dispatchMouseEvent",
          Map.of("type", type, "x", at.get(0), "y", at.get(1), "button", "left", "clickCount", 1));
    }
  }

  /** Writes where the cursor is. */
  void type(String text) throws Exception {
    page.call("Input.insertText", Map.of("text", text));
  }

  /** Presses a key; with Control if wanted. */
  void press(String key, boolean control) throws Exception {
    String text = key.length() == 1 && !control ? key : key.equals("Enter") ? "\r" : "";
    for (String type : List.of("keyDown", "keyUp")) {
      page.call(
          "Input.dispatchKeyEvent",
          Map.of(
              "type",
              type,
              "key",
              key,
              "code",
              key.length() == 1 ? "" : key,
              "windowsVirtualKeyCode",
              code(key),
              "text",
              type.equals("keyDown") ? text : "",
              "modifiers",
              control ? 2 : 0));
    }
  }

  private static String quoted(String text) {
    return JsonText.of(json -> json.value(text)).strip();
  }

  private static int code(String key) {
    return switch (key) {
      case "Enter" -> 13;
      case "Tab" -> 9;
      case "Escape" -> 27;
      case "ArrowDown" -> 40;
      default -> key.length() == 1 ? Character.toUpperCase(key.charAt(0)) : 0;
    };
  }

  void size(int width, int height) throws Exception {
    page.call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  void dark(boolean dark) throws Exception {
    page.call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** The page as it is seen, as a PNG. */
  void screenshot(Path file) throws Exception {
    Map<String, @Nullable Object> shot =
        page.call("Page.captureScreenshot", Map.of("format", "png"));
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(
        file, Base64.getDecoder().decode(Objects.requireNonNull(shot.get("data")).toString()));
  }

  /** Forgets problems that a test meant to cause. */
  void forgive(String part) {
    page.forgive(part);
  }

  /** What has gone wrong on the page so far. */
  List<String> problems() {
    return page.problems();
  }

  @Override
  public void close() {
    page.close();
    http.close();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
  }
}
