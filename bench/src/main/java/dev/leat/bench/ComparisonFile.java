package dev.leat.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A comparison as JSON. */
final class ComparisonFile {
  private static final JsonFactory FACTORY = new JsonFactory();

  private ComparisonFile() {}

  static String text(Comparison comparison) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("workload", comparison.workload());
      json.writeStringField("about", comparison.about());
      json.writeObjectFieldStart("machine");
      for (Map.Entry<String, String> fact : comparison.machine().entrySet()) {
        json.writeStringField(fact.getKey(), fact.getValue());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("systems");
      for (Comparison.Row row : comparison.systems()) {
        json.writeStartObject();
        json.writeStringField("name", row.name());
        json.writeStringField("title", row.title());
        json.writeStringField("lacks", row.lacks());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("runs");
      for (Measurement run : comparison.runs()) {
        write(json, run);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text + "\n";
  }

  private static void write(JsonGenerator json, Measurement run) throws IOException {
    json.writeStartObject();
    json.writeStringField("system", run.system());
    json.writeNumberField("run", run.run());
    json.writeObjectFieldStart("figures");
    for (Map.Entry<String, Double> figure : run.figures().entrySet()) {
      json.writeNumberField(figure.getKey(), Math.round(figure.getValue() * 1e3) / 1e3);
    }
    json.writeEndObject();
    texts(json, "checked", run.checked());
    texts(json, "differences", run.differences());
    json.writeEndObject();
  }

  private static void texts(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  static void write(Comparison comparison, Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text(comparison));
  }

  static Comparison read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  static Comparison parse(String text) throws IOException {
    String workload = "";
    String about = "";
    Map<String, String> machine = new LinkedHashMap<>();
    List<Comparison.Row> systems = new ArrayList<>();
    List<Measurement> runs = new ArrayList<>();
    try (JsonParser json = FACTORY.createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "workload" -> workload = json.getText();
          case "about" -> about = json.getText();
          case "machine" -> machine = strings(json);
          case "systems" -> {
            while (json.nextToken() == JsonToken.START_OBJECT) {
              Map<String, String> row = strings(json);
              systems.add(
                  new Comparison.Row(
                      row.getOrDefault("name", ""),
                      row.getOrDefault("title", ""),
                      row.getOrDefault("lacks", "")));
            }
          }
          case "runs" -> {
            while (json.nextToken() == JsonToken.START_OBJECT) {
              runs.add(measurement(json));
            }
          }
          default -> throw new IOException("unexpected " + name);
        }
      }
    }
    return new Comparison(workload, about, machine, systems, runs);
  }

  private static Map<String, String> strings(JsonParser json) throws IOException {
    Map<String, String> strings = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      strings.put(name, json.getText());
    }
    return strings;
  }

  private static Measurement measurement(JsonParser json) throws IOException {
    String system = "";
    int run = 0;
    Map<String, Double> figures = new TreeMap<>();
    List<String> checked = new ArrayList<>();
    List<String> differences = new ArrayList<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "system" -> system = json.getText();
        case "run" -> run = json.getIntValue();
        case "figures" -> {
          while (json.nextToken() == JsonToken.FIELD_NAME) {
            String figure = json.currentName();
            json.nextToken();
            figures.put(figure, json.getDoubleValue());
          }
        }
        case "checked" -> list(json, checked);
        case "differences" -> list(json, differences);
        default -> throw new IOException("unexpected " + name);
      }
    }
    return new Measurement(system, run, figures, checked, differences);
  }

  private static void list(JsonParser json, List<String> into) throws IOException {
    while (json.nextToken() == JsonToken.VALUE_STRING) {
      into.add(json.getText());
    }
  }
}
