package dev.leat.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page in Prometheus' text format, read.
 *
 * @param types of the families, by name
 * @param labels of the families, without those that belong to the type
 * @param samples by name and labels, as they are written
 */
record Exposition(
    String text,
    Map<String, String> types,
    Map<String, Set<String>> labels,
    Map<String, Double> samples) {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{.*\\})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  static Exposition of(String text) {
    Exposition read = new Exposition(text, new TreeMap<>(), new TreeMap<>(), new LinkedHashMap<>());
    text.lines().forEach(read::read);
    return read;
  }

  private void read(String line) {
    if (line.startsWith("# TYPE ")) {
      String[] parts = line.split(" ", -1);
      types.put(parts[2], parts[3]);
      labels.put(parts[2], new TreeSet<>());
    } else if (!line.startsWith("#")) {
      Matcher sample = SAMPLE.matcher(line);
      if (!sample.matches()) {
        throw new AssertionError("no sample: " + line);
      }
      String name = sample.group(1);
      String all = sample.group(2) == null ? "" : sample.group(2);
      if (samples.put(name + all, number(sample.group(3))) != null) {
        throw new AssertionError("twice: " + name + all);
      }
      Set<String> names = labels.get(family(name));
      if (names == null) {
        throw new AssertionError("of no family: " + line);
      }
      Matcher label = LABEL.matcher(all);
      while (label.find()) {
        if (!label.group(1).equals("le")) {
          names.add(label.group(1));
        }
      }
    }
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private String family(String sample) {
    if (types.containsKey(sample)) {
      return sample;
    }
    return sample.replaceFirst("_(bucket|sum|count)$", "");
  }

  /** Of a sample as it is written; -1 if there is none. */
  double value(String sample) {
    return samples.getOrDefault(sample, -1.0);
  }

  /** Of all samples of that name together. */
  double sum(String name) {
    return samples.entrySet().stream()
        .filter(each -> each.getKey().replaceFirst("\\{.*", "").equals(name))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** The names that expressions may use. */
  Set<String> names() {
    Set<String> names = new TreeSet<>();
    samples.keySet().forEach(each -> names.add(each.replaceFirst("\\{.*", "")));
    return names;
  }
}
