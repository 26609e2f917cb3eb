package dev.leat.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The expressions in {@code deploy}, and what stands in them. */
final class Boards {
  static final Path RULES = Path.of("../deploy/prometheus/rules.yml");
  static final Path BOARD = Path.of("../deploy/grafana/leat.json");

  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*+(?!\\s*\\()");
  private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

  private Boards() {}

  /** Of the rules; those that others can use have a name. */
  record Rule(@Nullable String record, @Nullable String alert, String expression) {}

  static List<Rule> rules() throws Exception {
    Object file = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(RULES));
    List<Rule> rules = new ArrayList<>();
    for (Object group : Json.asList(Json.asObject(file).get("groups"))) {
      for (Object rule : Json.asList(Json.asObject(group).get("rules"))) {
        Map<String, @Nullable Object> one = Json.asObject(rule);
        rules.add(
            new Rule(
                (String) one.get("record"),
                (String) one.get("alert"),
                Objects.requireNonNull(one.get("expr")).toString()));
      }
    }
    return rules;
  }

  /** Of the board, with Grafana's variables filled in. */
  static List<String> panels() throws Exception {
    List<String> expressions = new ArrayList<>();
    collect(Json.parse(Files.readAllBytes(BOARD)), expressions);
    return expressions.stream()
        .map(each -> each.replace("$__rate_interval", "5s").replace("$instance", ".*"))
        .toList();
  }

  private static void collect(@Nullable Object value, List<String> expressions) {
    if (value instanceof Map<?, ?>) {
      Json.asObject(value)
          .forEach(
              (name, inner) -> {
                if (name.equals("expr")) {
                  expressions.add(String.valueOf(inner));
                } else {
                  collect(inner, expressions);
                }
              });
    }
    Json.asList(value).forEach(inner -> collect(inner, expressions));
  }

  /** The names of metrics in an expression. */
  static Set<String> names(String expression) {
    String bare =
        expression
            .replaceAll("\"(?:[^\"\\\\]|\\\\.)*\"", "")
            .replaceAll("\\{[^}]*}", " ")
            .replaceAll("\\[[^]]*]", " ")
            .replaceAll("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)", " ")
            .replaceAll("\\boffset\\s+\\w+", " ")
            .replaceAll("\\b\\d[\\w.]*", " ");
    Set<String> names = new TreeSet<>();
    Matcher found = NAME.matcher(bare);
    while (found.find()) {
      if (!WORDS.contains(found.group())) {
        names.add(found.group());
      }
    }
    return names;
  }
}
