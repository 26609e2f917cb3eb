package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
  private static final Wrapping PLAIN = new Wrapping("t", "/s", null, null, null);

  @TempDir private Path directory;

  @Test
  void eventsPassThroughAndOtherObjectsAreWrapped() throws Exception {
    String event = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/x\",\"type\":\"y\"}";
    List<String> lines = json(event + "\n\n{\"a\":1}\nnot json\n", PLAIN);
    assertEquals(event, lines.get(0));
    assertTrue(lines.get(1).endsWith("-1\",\"source\":\"/s\",\"type\":\"t\",\"data\":{\"a\":1}}"));
    assertEquals("not json", lines.get(2));
    assertEquals(3, lines.size());
  }

  @Test
  void arraysAndPrettyPrintedValuesAreTakenApart() throws Exception {
    String two = "{\n \"a\": \"}]\\\"\",\n \"b\": [1, {}]\n}";
    for (String text : List.of("[" + two + ",\n" + two + "]\n", two + "\n" + two)) {
      List<String> lines = json(text, PLAIN);
      assertEquals(2, lines.size(), text);
      Map<String, ?> data = Json.asObject(Json.object(lines.get(1).getBytes(UTF_8)).get("data"));
      assertEquals("}]\"", data.get("a"));
    }
    assertEquals(List.of(), json("", PLAIN));
    assertEquals(List.of(), json("[]", PLAIN));
  }

  @Test
  void fieldsBecomeAttributes() throws Exception {
    Wrapping wrapping = new Wrapping("t", "/s", "when", "no", "who");
    String line =
        json("{\"no\":17,\"when\":\"2024-01-01T00:00:00Z\",\"who\":\"me\"}", wrapping).getFirst();
    Map<String, ?> event = Json.object(line.getBytes(UTF_8));
    assertEquals("17", event.get("id"));
    assertEquals("2024-01-01T00:00:00Z", event.get("time"));
    assertEquals("me", event.get("partitionkey"));
  }

  @Test
  void csvColumnsBecomeDataWithTheirTypes() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("a b.csv"),
            "when,count,ratio,name,good\n2024-01-02 03:04:05.5,7,0.5,\"x \"\"y\"\"\",true\n2024-01-02 03:04:06,,2,,false\n");
    List<String> lines = rows(file, new Wrapping(null, null, "when", null, "name"));
    assertEquals(
        "{\"when\":\"2024-01-02T03:04:05.500Z\",\"count\":7,\"ratio\":0.5,\"name\":\"x \\\"y\\\"\",\"good\":true}",
        lines.get(0).replaceFirst(".*\"data\":(.*)}$", "$1"));
    Map<String, ?> event = Json.object(lines.get(0).getBytes(UTF_8));
    assertEquals("/files/a%20b.csv", event.get("source"));
    assertEquals("a b.row", event.get("type"));
    assertEquals("2024-01-02T03:04:05.500Z", event.get("time"));
    Map<String, ?> second = Json.object(lines.get(1).getBytes(UTF_8));
    assertTrue(!second.containsKey("partitionkey"), lines.get(1));
    assertTrue(lines.get(1).contains("\"count\":null"), lines.get(1));
  }

  @Test
  void idsFollowFromTheFileAndTheRow() throws Exception {
    Path file = Files.writeString(directory.resolve("a.csv"), "a\n1\n1\n");
    List<String> once = rows(file, PLAIN);
    assertEquals(once, rows(file, PLAIN));
    assertNotEquals(once.get(0), once.get(1));
    Files.writeString(file, "a\n1\n2\n");
    assertNotEquals(once.get(0), rows(file, PLAIN).get(0));
  }

  private static List<String> json(String text, Wrapping wrapping) throws Exception {
    try (EventFile file =
        JsonFile.ofStdin(
            new ByteArrayInputStream(text.getBytes(UTF_8)), wrapping, new SplittableRandom(1))) {
      return lines(file);
    }
  }

  private static List<String> rows(Path path, Wrapping wrapping) throws Exception {
    try (EventFile file = new RowFile(path, wrapping)) {
      return lines(file);
    }
  }

  private static List<String> lines(EventFile file) throws Exception {
    List<String> lines = new ArrayList<>();
    Batch batch = new Batch();
    while (file.next(batch)) {
      lines.add(new String(batch.bytes(), 0, batch.length(), UTF_8).strip());
      batch.reset("", 0);
    }
    return lines;
  }
}
