package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leat.pipeline.Definition;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The dashboard in a real Chromium before a live house: the story of the first event, every page
 * under load, a repair. Screenshots lie in target/screenshots. In order, for one house tells one
 * story; whatever goes wrong on a page fails the test that was on it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DashboardBrowserTest {
  /** A bound that a few bad orders are beyond. */
  private static final String ALERTS =
      """
      alerts:
        - {name: some_bad, signal: dead-letter-rate, above: 0.001, for: 0s, severity: critical}
      """;

  private static final Path SHOTS = Path.of("target/screenshots");
  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
  private static final int AXE_BYTES = 2 << 20;

  @TempDir private static Path directory;
  private static @Nullable House house;
  private static @Nullable Browser opened;
  private static @Nullable ShopLoad shop;

  @BeforeAll
  static void open() throws Exception {
    Optional<Path> chromium = Browser.find();
    if (chromium.isEmpty()) {
      System.err.println(
          "[WARNING] DashboardBrowserTest is skipped: there is no Chromium; apt-get install chromium");
    }
    assumeTrue(chromium.isPresent(), "no Chromium");
    Path file = ShopPipeline.write(directory.resolve("definition"));
    Files.writeString(file, ALERTS, StandardOpenOption.APPEND);
    Definition definition =
        DefinitionFile.read(file)
            .withServer(new Definition.Server("127.0.0.1", 0))
            .withData(directory.resolve("data").toString());
    house = House.open(definition, file);
    opened = Browser.start(chromium.get(), Files.createDirectory(directory.resolve("profile")));
  }

  @AfterAll
  static void close() {
    for (AutoCloseable one : new AutoCloseable[] {shop, opened, house}) {
      try {
        if (one != null) {
          one.close();
        }
      } catch (Exception failed) {
        throw new AssertionError(failed);
      }
    }
  }

  @AfterEach
  void nothingWentWrongOnThePage() {
    assertEquals(List.of(), browser().problems());
  }

  private static Browser browser() {
    return Objects.requireNonNull(opened);
  }

  private static String url() {
    return Objects.requireNonNull(house).url();
  }

  private static void page(String hash, String ready) throws Exception {
    browser().open(url() + "/#/" + hash);
    browser().await(ready);
  }

  private static String has(String text) {
    return "document.getElementById('main').innerText.includes('%s')".formatted(text);
  }

  @Test
  @Order(1)
  void theFirstEventBringsThePageToLife() throws Exception {
    browser().size(1280, 860);
    browser().dark(false);
    page("flow", has("Nothing has come yet"));
    browser().await(has("curl " + url() + "/v1/events"));
    browser().await("document.querySelector('.connection.open') !== null");
    shot("first", 1280);
    browser().click(".first button.link"); // It sends the event of the line that is shown.
    browser().await("!" + has("Nothing has come yet"));
    browser().await(has("1 accepted"));
    browser().await(has("1 stored"));
    browser().await(has("adds up"));
  }

  @Test
  @Order(2)
  void everyPageIsAliveUnderLoadInBothThemesAndOnAPhone() throws Exception {
    shop = new ShopLoad(url());
    page("flow", "!document.querySelector('.node .big').textContent.startsWith('0')");
    browser().await("document.querySelectorAll('.lane').length === 2");
    browser().await("document.querySelector('.chip.bad') !== null");
    browser().await("document.querySelector('.times title') !== null"); // How long the stage takes.
    look("flow", "flow", "document.querySelector('.channel.runs') !== null");
    look("streams", "streams", "document.querySelectorAll('tbody tr').length === 2");
    look("streams/orders", "stream", has("customer-") + " && " + has("shop.order.placed"));
    look("metrics/sales", "metrics", "document.querySelector('.chart canvas') !== null");
    look("dead-letters", "dead-letters", "document.querySelector('.causes button') !== null");
    look("system", "system", has("Definition in force") + " && " + has("has-items"));
  }

  /** Once in each theme, and once on a phone, with a look of the accessibility checker at each. */
  private static void look(String hash, String name, String ready) throws Exception {
    for (boolean dark : new boolean[] {false, true}) {
      browser().dark(dark);
      browser().size(1280, 860);
      page(hash, ready);
      accessible(name + (dark ? " dark" : ""));
      shot(name + (dark ? "-dark" : ""), 1280);
    }
    browser().dark(false);
    browser().size(390, 844);
    browser().await(ready);
    assertEquals(
        false,
        browser().evaluate("document.documentElement.scrollWidth > innerWidth"),
        name + " is wider than a phone");
    shot(name + "-phone", 390);
    browser().size(1280, 860);
  }

  private static void shot(String name, int width) throws Exception {
    assertEquals((long) width, browser().evaluate("innerWidth"));
    browser().screenshot(SHOTS.resolve(name + ".png"));
  }

  /** No breach of WCAG 2 A and AA that axe finds. */
  private static void accessible(String name) throws Exception {
    if (!Boolean.TRUE.equals(browser().evaluate("typeof axe === 'object'"))) {
      try (InputStream axe = DashboardBrowserTest.class.getResourceAsStream(AXE)) {
        browser().evaluate(new String(assertNotNullAnd(axe).readNBytes(AXE_BYTES), UTF_8) + ";0");
      }
    }
    Object broken =
        browser()
            .evaluate(
                "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'best-practice'], resultTypes: ['violations']})"
                    + ".then(found => found.violations.map(one => one.id + ': ' + one.nodes.slice(0, 3)"
                    + ".map(node => node.target + ' ' + node.failureSummary).join(' | ')))");
    assertEquals(List.of(), Json.asList(broken), name);
  }

  private static InputStream assertNotNullAnd(@Nullable InputStream in) {
    assertNotNull(in);
    return Objects.requireNonNull(in);
  }

  @Test
  @Order(3)
  void troubleIsAlertedOfExplainedAndSilenced() throws Exception {
    page("alerts", "document.querySelector('.incidents li.bad') !== null");
    browser().await(has("some_bad") + " && " + has("above 0.001"));
    look("alerts", "alerts", "document.querySelector('.incidents li.bad') !== null");
    browser().click("button[aria-label='Silence some_bad']");
    browser().await("document.activeElement.name === 'why'");
    browser().type("they are looked at");
    accessible("silence");
    browser().press("Enter", false);
    browser().await(has("Nobody is told") + " && " + has("they are looked at"));
    List<?> silences = Json.asList(get("/v1/silences").get("silences"));
    assertEquals("some_bad", Json.asObject(silences.getFirst()).get("alert"));
    browser().click("button[aria-label='End the silence of some_bad']");
    browser().await("!" + has("they are looked at"));
  }

  @Test
  @Order(4)
  void aQuestionIsWrittenWithSuggestionsAskedDrawnAndKept() throws Exception {
    page("sql", "document.querySelectorAll('.chips button').length > 0");
    browser().evaluate("document.getElementById('sql').focus()");
    browser().evaluate("document.getElementById('sql').select()");
    browser().type("SELECT data.country, count(*) AS n FROM ord");
    browser()
        .await(
            "document.querySelector('[role=option][aria-selected=true] span').textContent === 'orders'");
    browser().press("Tab", false);
    browser().type(" GROUP BY data.coun");
    browser()
        .await(
            "document.querySelector('[role=option][aria-selected=true] span').textContent === 'data.country'");
    browser().press("Enter", false);
    browser().type(" ORDER BY n DESC");
    browser().press("Escape", false);
    browser().press("Enter", true);
    browser().await("document.querySelectorAll('tbody tr').length > 5");
    browser().await(has("rows in"));
    accessible("sql");
    browser().click(".tabs button:nth-child(2)");
    browser().await("document.querySelector('.chart canvas') !== null");
    shot("sql", 1280);
    browser().dark(true);
    shot("sql-dark", 1280);
    accessible("sql dark");
    browser().dark(false);
    keep("by country");
    browser().open("about:blank");
    page("sql", has("by country"));
    browser().evaluate("document.getElementById('sql').focus()");
    browser().evaluate("document.getElementById('sql').select()");
    browser().type("SELEC 1");
    browser().press("Enter", true);
    browser().await("document.querySelector('.failed') !== null");
    // The browser reports every answer that is no success; this one was asked for.
    browser().forgive("400");
  }

  private static void keep(String name) throws Exception {
    browser().click(".sql > .row > button:not(.main)");
    browser().await("document.activeElement.id === 'sql-name'");
    browser().type(name);
    browser().press("Enter", false);
    browser().await(has(name));
  }

  @Test
  @Order(5)
  void aDeadLetterIsFoundTriedRepairedAndStored() throws Exception {
    Objects.requireNonNull(shop).close();
    shop = null;
    page("dead-letters", "document.querySelector('.causes button') !== null");
    String cause =
        "[...document.querySelectorAll('.causes button')].find(one => one.innerText.includes('/amount'))";
    browser().await(cause + " !== undefined");
    browser().evaluate(cause + ".id = 'broken-amount'");
    browser().click("#broken-amount");
    browser().await("document.querySelector('.raw mark').textContent.startsWith('\"amount\":\"')");
    browser().click("textarea.patch");
    browser().type("with(data, 'amount', double(data.amount))");
    browser().click("#dry-run");
    browser()
        .await(has("would be sent") + " && document.querySelector('.outcomes .good') !== null");
    accessible("dead letter");
    shot("repair", 1280);
    browser().dark(true);
    shot("repair-dark", 1280);
    browser().dark(false);
    browser().click("#replay");
    browser().await(has("Done: "));
    browser().await("document.querySelector('.progress + p .good').textContent !== '0'");
    browser().await("document.querySelector('.progress + p').innerText.includes('0 failed again')");
    Map<String, @Nullable Object> groups = get("/v1/dead-letters/groups?pointer=/amount");
    assertEquals(List.of(), groups.get("groups"));
    assertEquals(true, get("/v1/balance").get("balanced"));
  }

  @Test
  @Order(6)
  void theKeyboardIsEnough() throws Exception {
    browser().open("about:blank"); // A page that is newly opened begins at its top.
    page("flow", "document.querySelector('.flow') !== null");
    browser().press("Tab", false);
    browser().await("document.activeElement.id === 'skip'");
    browser().press("Enter", false);
    browser().await("document.activeElement.id === 'main'");
    browser().press("?", false);
    browser().await("document.querySelector('dialog[open]') !== null");
    accessible("keys");
    shot("keys", 1280);
    browser().press("Escape", false);
    browser().await("document.querySelector('dialog') === null");
    for (List<String> way :
        List.of(List.of("s", "Streams"), List.of("m", "Metrics"), List.of("y", "System"))) {
      browser().press("g", false);
      browser().press(way.get(0), false);
      browser().await("document.querySelector('h1')?.textContent === '%s'".formatted(way.get(1)));
      browser()
          .await(
              "document.querySelector('nav [aria-current=page]').innerText.includes('%s')"
                  .formatted(way.get(1)));
    }
    browser().click("button.theme");
    browser().await("document.documentElement.dataset.theme === 'light'");
    browser().click("button.theme");
    browser().await("getComputedStyle(document.body).colorScheme === 'dark'");
    List<Object> tabs = new ArrayList<>();
    browser().evaluate("document.body.focus()");
    for (int i = 0; i < 8; i++) {
      browser().press("Tab", false);
      tabs.add(
          Objects.requireNonNull(
              browser()
                  .evaluate(
                      "getComputedStyle(document.activeElement).outlineStyle + ' ' + document.activeElement.tagName")));
    }
    // Behind the last one the browser's own bar comes, and the body has the focus meanwhile.
    tabs.remove("none BODY");
    assertTrue(tabs.stream().allMatch(tab -> tab.toString().startsWith("solid")), tabs.toString());
  }

  @Test
  @Order(7)
  void aServerThatStopsIsSaidToBeGone() throws Exception {
    page("flow", "document.querySelector('.connection.open') !== null");
    Objects.requireNonNull(house).close();
    house = null;
    browser().await("document.querySelector('.connection.lost') !== null");
    browser().await("!document.getElementById('gone').hidden");
    shot("gone", 1280);
    browser().forgive("ERR_CONNECTION_REFUSED");
    browser().forgive("ERR_INCOMPLETE_CHUNKED_ENCODING");
    browser().forgive("503");
  }

  private static Map<String, @Nullable Object> get(String path) throws Exception {
    try (LeatClient client = new LeatClient(URI.create(url()))) {
      return Json.object(client.get(path, Duration.ofSeconds(30)).body());
    }
  }
}
