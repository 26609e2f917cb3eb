package dev.leat.pipeline;

import dev.leat.event.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A YAML mapping under inspection: hands out typed values, and notes a mistake with its place for
 * everything that is unknown, double or of the wrong type. A key that is absent or wrong yields the
 * default, so that reading goes on.
 */
final class YamlMap implements Settings {
  private final @Nullable Node node;
  private final String path;
  private final List<Mistake> mistakes;
  private final Map<String, Node> values = new LinkedHashMap<>();

  /** Whether a value of its own was wrong, so that nothing should be made of the others. */
  private boolean spoiled;

  private YamlMap(@Nullable Node node, String path, List<Mistake> mistakes) {
    this.node = node;
    this.path = path;
    this.mistakes = mistakes;
  }

  static YamlMap of(Node node, String path, List<Mistake> mistakes, String... known) {
    return of(node, path, mistakes, List.of(known));
  }

  static YamlMap of(Node node, String path, List<Mistake> mistakes, List<String> known) {
    YamlMap map = new YamlMap(node, path, mistakes);
    map.fill(known::contains, key -> Spelling.unknown("key", key, known));
    return map;
  }

  private void fill(Predicate<String> known, Function<String, String> unknown) {
    if (!(node instanceof MappingNode mapping)) {
      if (node != null && !YamlNodes.isNull(node)) {
        mistakeAt(node, path, "expected keys and values, found " + YamlNodes.describe(node));
      }
      return;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      Node keyNode = tuple.getKeyNode();
      if (!(keyNode instanceof ScalarNode scalar)) {
        mistakeAt(keyNode, path, "expected a key, found " + YamlNodes.describe(keyNode));
      } else if (!known.test(scalar.getValue())) {
        mistakeAt(keyNode, path, unknown.apply(scalar.getValue()));
      } else if (values.putIfAbsent(scalar.getValue(), tuple.getValueNode()) != null) {
        mistakeAt(keyNode, path, "key '%s' stands here twice".formatted(scalar.getValue()));
      }
    }
  }

  /** Whether something here is wrong, so that nothing should be made of it. */
  boolean isSpoiled() {
    return spoiled;
  }

  /** Whether there is a value under a key, and it is not null. */
  boolean has(String key) {
    return valueOf(key) != null;
  }

  /** The mapping under a key; an empty one if it is absent. */
  YamlMap map(String key, String... known) {
    Node value = values.get(key);
    return value == null
        ? new YamlMap(null, under(key), mistakes)
        : of(value, under(key), mistakes, known);
  }

  /** The mapping under a key whose own keys are names that its author chose. */
  YamlMap named(String key, String expected, Predicate<String> isName) {
    YamlMap map = new YamlMap(values.get(key), under(key), mistakes);
    map.fill(isName, name -> "expected %s, found '%s'".formatted(expected, name));
    return map;
  }

  /** Reads each element of the list under a key; what can't be read is left out. */
  <T> List<T> list(String key, BiFunction<Node, String, @Nullable T> read) {
    List<T> found = new ArrayList<>();
    Node value = valueOf(key);
    if (value instanceof SequenceNode sequence) {
      int index = 0;
      for (Node element : sequence.getValue()) {
        T made = read.apply(element, Places.element(under(key), index++));
        if (made != null) {
          found.add(made);
        }
      }
    } else if (value != null) {
      mistakeAt(value, under(key), "expected a list, found " + YamlNodes.describe(value));
    }
    return found;
  }

  /** Reads each value of this mapping; what can't be read is left out. */
  <T> Map<String, T> entries(BiFunction<Node, String, @Nullable T> read) {
    Map<String, T> found = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          T made = read.apply(value, under(key));
          if (made != null) {
            found.put(key, made);
          }
        });
    return found;
  }

  /** The text as written of a value that may be a mapping as well; null if it is that or absent. */
  @Nullable String word(String key) {
    return values.get(key) instanceof ScalarNode scalar && !YamlNodes.isNull(scalar)
        ? scalar.getValue()
        : null;
  }

  @Override
  public @Nullable String text(String key) {
    return scalar(key, "text");
  }

  String text(String key, String otherwise) {
    String value = text(key);
    return value == null ? otherwise : value;
  }

  /** Text that is not blank, if it is there. */
  @Nullable String someText(String key) {
    return checked(key, "text", text -> !text.isBlank());
  }

  /** Text of a certain form, if it is there. */
  @Nullable String checked(String key, String expected, Predicate<String> right) {
    String text = scalar(key, expected);
    if (text != null && !right.test(text)) {
      mistake(key, "expected %s, found '%s'".formatted(expected, text));
      return null;
    }
    return text;
  }

  /** Text of a certain form that must be there. */
  String required(String key, String expected, Predicate<String> right) {
    boolean mayHave = node == null || node instanceof MappingNode || YamlNodes.isNull(node);
    if (mayHave && !has(key)) {
      mistakeAt(node, path, "'%s' is missing".formatted(key));
    }
    String text = checked(key, expected, right);
    return text == null ? "" : text;
  }

  /** The name of a table, which is taken from then on. */
  String table(TableNames names, TableNames.Kind kind) {
    String name = required("name", Names.TABLE, TableSpec::isName);
    String problem = name.isEmpty() ? "" : names.take(kind, name);
    if (!problem.isEmpty()) {
      mistake("name", problem);
    }
    return name;
  }

  @Override
  public String required(String key) {
    return required(key, "text", text -> !text.isBlank());
  }

  @Override
  public String path(String key) {
    return required(key, Names.PATH, Names::isPath);
  }

  @Override
  public String dataPath(String key) {
    return required(key, Names.DATA_PATH, Names::isDataPath);
  }

  @Override
  public int integer(String key, int otherwise) {
    return parsed(key, YamlNodes::integer, otherwise, "a whole number");
  }

  @Override
  public double number(String key, double otherwise) {
    return parsed(key, YamlNodes::number, otherwise, "a number");
  }

  @Override
  public boolean truth(String key, boolean otherwise) {
    return parsed(key, YamlNodes::truth, otherwise, "true or false");
  }

  @Override
  public Duration duration(String key, Duration otherwise) {
    return parsed(key, Quantities::parseDuration, otherwise, Quantities.A_DURATION);
  }

  /** A duration, if it is there; it must be longer than nothing. */
  @Nullable Duration positive(String key) {
    if (!has(key)) {
      return null;
    }
    Duration value = duration(key, Duration.ofMillis(1));
    if (value.isZero()) {
      mistake(key, "expected a duration longer than nothing");
    }
    return value;
  }

  long size(String key, long otherwise) {
    return parsed(key, Quantities::parseSize, otherwise, "a size such as 500MB or 64GiB");
  }

  @Override
  public <E extends Enum<E>> E choice(String key, E otherwise) {
    Class<E> type = otherwise.getDeclaringClass();
    List<String> words = Arrays.stream(type.getEnumConstants()).map(YamlMap::word).toList();
    String text = scalar(key, "one of " + String.join(", ", words));
    if (text == null) {
      return otherwise;
    }
    for (E constant : type.getEnumConstants()) {
      if (word(constant).equals(text)) {
        return constant;
      }
    }
    mistake(key, Spelling.unknown("value", text, words));
    return otherwise;
  }

  /** How a definition spells a constant. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public List<String> texts(String key) {
    return texts(key, "text", _ -> true);
  }

  /** A list of texts of a certain form. */
  List<String> texts(String key, String expected, Predicate<String> right) {
    return list(
        key,
        (element, where) -> {
          if (element instanceof ScalarNode scalar
              && !YamlNodes.isNull(scalar)
              && right.test(scalar.getValue())) {
            return scalar.getValue();
          }
          String found = YamlNodes.describe(element);
          mistakeAt(element, where, "expected %s, found %s".formatted(expected, found));
          return null;
        });
  }

  @Override
  public void mistake(String key, String message) {
    Node value = values.get(key);
    mistakeAt(value == null ? node : value, under(key), message);
  }

  /** Builds a value that checks itself; what it complains of becomes a mistake at this mapping. */
  <T> T check(Supplier<T> value, T otherwise) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      mistakeAt(node, path, String.valueOf(e.getMessage()));
      return otherwise;
    }
  }

  /** Builds a value of what was read here, unless some of it is wrong. */
  <T> @Nullable T build(Supplier<T> value) {
    return spoiled ? null : readBy(_ -> value.get());
  }

  /** What a kind makes of the settings here, which it reads itself; null if some are wrong. */
  <T> @Nullable T readBy(Function<Settings, T> kind) {
    try {
      T made = kind.apply(this);
      return spoiled ? null : made;
    } catch (IllegalArgumentException e) {
      // What stood in for a wrong setting may be refused; that setting has its mistake already.
      if (!spoiled) {
        mistakeAt(node, path, String.valueOf(e.getMessage()));
      }
      return null;
    }
  }

  private <T> T parsed(
      String key, Function<String, @Nullable T> parser, T otherwise, String expected) {
    String text = scalar(key, expected);
    if (text == null) {
      return otherwise;
    }
    T value = parser.apply(text);
    if (value == null) {
      mistake(key, "expected %s, found '%s'".formatted(expected, text));
      return otherwise;
    }
    return value;
  }

  private @Nullable Node valueOf(String key) {
    Node value = values.get(key);
    return value == null || YamlNodes.isNull(value) ? null : value;
  }

  private @Nullable String scalar(String key, String expected) {
    Node value = valueOf(key);
    if (value == null) {
      return null;
    }
    if (value instanceof ScalarNode scalar && !YamlNodes.hasOwnTag(scalar)) {
      return scalar.getValue();
    }
    mistake(key, "expected %s, found %s".formatted(expected, YamlNodes.describe(value)));
    return null;
  }

  private String under(String key) {
    return Places.member(path, key);
  }

  private void mistakeAt(@Nullable Node at, String where, String message) {
    spoiled = true;
    mistakes.add(YamlNodes.mistake(at, where, message));
  }
}
