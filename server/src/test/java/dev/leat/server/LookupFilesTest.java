package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.pipeline.DataType.Scalar;
import dev.leat.pipeline.LookupTable;
import dev.leat.pipeline.LookupTable.Column;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookupFilesTest {
  @TempDir private Path directory;

  @Test
  void csvHasTypesAndItsKeyIsText() throws Exception {
    LookupTable table =
        load(
            "a.csv",
            """
            zip,name,people,share,open,since
            00501,"Holt, ""NY\""",7,0.5,true,2024-01-02 03:04:05.5
            1000,,,,,
            """,
            "zip");
    assertEquals(
        List.of(
            new Column("zip", Scalar.TEXT),
            new Column("name", Scalar.TEXT),
            new Column("people", Scalar.INTEGER),
            new Column("share", Scalar.NUMBER),
            new Column("open", Scalar.BOOLEAN),
            new Column("since", Scalar.TEXT)),
        table.columns());
    assertEquals(
        "{zip=00501, name=Holt, \"NY\", people=7, share=0.5, open=true,"
            + " since=2024-01-02T03:04:05.500Z}",
        row(table, "00501"));
    assertEquals(
        "{zip=1000, name=null, people=null, share=null, open=null, since=null}",
        row(table, "1000"));
    assertEquals("none", row(table, "501"));
  }

  /** Without a hint, DuckDB would take the names for a row, and late rows for mistakes. */
  @Test
  void csvIsReadAsAWholeBeforeItsTypesAreSaid() throws Exception {
    assertEquals("{code=A, name=B}", row(load("a.csv", "code,name\nA,B\n", "code"), "A"));
    StringBuilder late = new StringBuilder("id,value\n");
    for (int i = 0; i < 30_000; i++) {
      late.append(i).append(',').append(i).append('\n');
    }
    LookupTable table = load("late.csv", late.append("x,much\n").toString(), "id");
    assertEquals("{id=x, value=much}", row(table, "x"));
    assertEquals(30_001, table.rows());
  }

  @Test
  void jsonOfAnyShapeIsRead() throws Exception {
    String one = "{\"id\": 1, \"n\": 1, \"mixed\": 1, \"o\": {\"a\": [1, \"x\"]}, \"none\": null}";
    String two = "{\"id\": 2, \"n\": 2.5, \"mixed\": \"y\", \"flag\": true}";
    Path gz = directory.resolve("a.ndjson.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
      out.write((one + "\n" + two + "\n").getBytes(UTF_8));
    }
    for (LookupTable table :
        List.of(
            load("a.json", "[" + one + ",\n" + two + "]", "id"),
            load("a.jsonl", one + "\n" + two + "\n", "id"),
            LookupFiles.load(gz, "id").table())) {
      assertEquals(
          List.of(
              new Column("id", Scalar.INTEGER),
              new Column("n", Scalar.NUMBER),
              new Column("mixed", Scalar.TEXT),
              new Column("o", Scalar.TEXT),
              new Column("none", Scalar.TEXT),
              new Column("flag", Scalar.BOOLEAN)),
          table.columns());
      assertEquals(
          "{id=1, n=1.0, mixed=1, o={\"a\":[1,\"x\"]}, none=null, flag=null}", row(table, "1"));
      assertEquals("{id=2, n=2.5, mixed=y, o=null, none=null, flag=true}", row(table, "2"));
    }
  }

  @Test
  void parquetIsRead() throws Exception {
    Path file = directory.resolve("a.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT 7 AS id, 1.25::DECIMAL(9,2) AS price, DATE '2024-01-02' AS day,"
              + " [1, 2] AS list, 'nan'::DOUBLE AS odd) TO '"
              + file
              + "' (FORMAT parquet)");
    }
    assertEquals(
        "{id=7, price=1.25, day=2024-01-02, list=[1,2], odd=null}",
        row(LookupFiles.load(file, "id").table(), "7"));
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    assertEquals("unknown column 'iatta'; did you mean 'iata'?", refused("a.csv", "iata\nx\n"));
    assertEquals("unknown column 'iatta'; did you mean 'iata'?", refused("a.json", "{\"iata\":1}"));
    assertEquals("row 2 is no JSON object", refused("a.ndjson", "{\"iatta\":1}\n7\n"));
    assertTrue(refused("a.ndjson", "{\"iatta\":1}\n{\"\n").startsWith("row 2 is no JSON: "));
    assertEquals(
        List.of("key 1 stands twice; the first row counts"),
        LookupFiles.load(Files.writeString(directory.resolve("b.csv"), "k,v\n1,2\n1,3\n"), "k")
            .warnings());
  }

  @Test
  void namesTellTheFormat() {
    assertEquals(Optional.of(".csv.gz"), LookupFiles.extension(Path.of("x/a.b.CSV.gz")));
    assertEquals(Optional.of(".parquet"), LookupFiles.extension(Path.of("a.parquet")));
    assertEquals(Optional.empty(), LookupFiles.extension(Path.of("a.xlsx")));
    assertEquals(Optional.empty(), LookupFiles.extension(Path.of("csv")));
  }

  private LookupTable load(String name, String content, String key) throws IOException {
    return LookupFiles.load(Files.writeString(directory.resolve(name), content), key).table();
  }

  private String refused(String name, String content) throws IOException {
    Path file = Files.writeString(directory.resolve(name), content);
    IOException refusal = assertThrows(IOException.class, () -> LookupFiles.load(file, "iatta"));
    return String.valueOf(refusal.getMessage());
  }

  private static String row(LookupTable table, String key) {
    byte[] bytes = key.getBytes(UTF_8);
    int row = table.find(bytes, 0, bytes.length);
    if (row == LookupTable.NONE) {
      return "none";
    }
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (int i = 0; i < table.columns().size(); i++) {
      values.put(table.columns().get(i).name(), table.value(row, i));
    }
    return values.toString();
  }
}
