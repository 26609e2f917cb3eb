package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void alignsTextLeftAndNumbersRight() {
    StringWriter text = new StringWriter();
    new Table(
            List.of(Map.of("name", "who"), Map.of("name", "n")),
            List.of(Arrays.asList("Zoë", 5L), Arrays.asList(null, 1_000L)))
        .print(new PrintWriter(text, true));
    assertEquals(
        """
        who      n
        ────  ────
        Zoë      5
        null  1000
        """,
        text.toString());
  }
}
