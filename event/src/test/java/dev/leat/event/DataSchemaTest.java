package dev.leat.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.leat.event.DataSchema.Field;
import dev.leat.event.DataSchema.Kind;
import org.junit.jupiter.api.Test;

class DataSchemaTest {
  private final DataSchema schema = new DataSchema();

  @Test
  void theFirstKindStaysAndIntegersWiden() {
    Field amount = declare("amount", Kind.LONG);
    assertNotNull(amount);
    assertSame(amount, declare("amount", Kind.DOUBLE));
    assertEquals(Kind.DOUBLE, amount.kind());
    assertSame(amount, declare("amount", Kind.LONG));
    assertNull(declare("amount", Kind.TEXT));
    assertNull(declare("amount", Kind.OBJECT));
  }

  @Test
  void aNameThatDiffersInCaseOnlyHasNoPlace() {
    assertNotNull(declare("Origin", Kind.TEXT));
    assertNull(declare("origin", Kind.TEXT));
  }

  @Test
  void fieldsDepthAndNamesAreBounded() {
    assertNull(declare("", Kind.TEXT));
    assertNull(declare("a\0b", Kind.TEXT));
    assertNull(declare("n".repeat(DataSchema.MAX_NAME_BYTES + 1), Kind.TEXT));
    Field object = schema.root();
    for (int depth = 0; depth < DataSchema.MAX_DEPTH; depth++) {
      object = schema.declare(object, "o", Kind.OBJECT);
      assertNotNull(object);
    }
    assertNull(schema.declare(object, "o", Kind.OBJECT));
    for (int i = DataSchema.MAX_DEPTH; i < DataSchema.MAX_FIELDS; i++) {
      assertNotNull(declare("f" + i, Kind.LONG));
    }
    assertNull(declare("one-too-many", Kind.LONG));
  }

  @Test
  void whatIsWrittenDownContinues() {
    Field place = declare("place", Kind.OBJECT);
    assertNotNull(place);
    schema.declare(place, "lat", Kind.DOUBLE);
    declare("n", Kind.LONG);
    DataSchema copy = DataSchema.of(schema.entries());
    assertEquals(schema.entries(), copy.entries());
    assertEquals(1, DataSchema.childrenOf(copy.entries(), 0).size());
    assertNull(copy.declare(copy.root(), "n", Kind.TEXT));
  }

  @Test
  void theVersionTellsWhetherAnythingChanged() {
    declare("n", Kind.LONG);
    int version = schema.version();
    declare("n", Kind.LONG);
    declare("n", Kind.TEXT);
    assertEquals(version, schema.version());
    declare("n", Kind.DOUBLE);
    assertEquals(version + 1, schema.version());
  }

  private Field declare(String name, Kind kind) {
    return schema.declare(schema.root(), name, kind);
  }
}
