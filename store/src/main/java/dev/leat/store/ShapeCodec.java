package dev.leat.store;

import dev.leat.event.DataSchema;
import dev.leat.event.TableSpec;
import dev.leat.store.CatalogueCodec.Members;
import dev.leat.store.CatalogueState.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What tables were like at a version, as JSON: where they differ from what they were like at the
 * version after it. Fields only come and widen, so that is little.
 */
final class ShapeCodec {
  private ShapeCodec() {}

  /** Puts the differences into the object of a version. */
  static void encode(
      SortedMap<String, Shape> shapes,
      SortedMap<String, Shape> later,
      Map<String, @Nullable Object> into) {
    List<Object> differences = new ArrayList<>();
    later.forEach(
        (name, after) -> {
          Shape shape = shapes.get(name);
          if (!after.equals(shape)) {
            differences.add(difference(name, shape, after));
          }
        });
    if (!differences.isEmpty()) {
      into.put("tables", differences);
    }
  }

  private static Map<String, @Nullable Object> difference(
      String name, @Nullable Shape shape, Shape after) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("name", name);
    if (shape == null) {
      return object; // It was not there.
    }
    object.put("expiredRows", shape.expiredRows());
    object.put("count", (long) shape.fields().size());
    List<Object> were = new ArrayList<>();
    for (DataSchema.Entry entry : shape.fields()) {
      if (!entry.equals(after.fields().get(entry.id()))) {
        were.add(CatalogueCodec.field(entry));
      }
    }
    object.put("fields", were);
    if (!shape.spec().equals(after.spec())) {
      object.put("spec", CatalogueCodec.spec(shape.spec()));
    }
    return object;
  }

  /** What tables were like at a version, given what they were like at the one after it. */
  static SortedMap<String, Shape> decode(Members version, SortedMap<String, Shape> later) {
    if (!version.has("tables")) {
      return later;
    }
    SortedMap<String, Shape> shapes = new TreeMap<>(later);
    for (Members table : version.objects("tables")) {
      String name = table.text("name");
      if (table.has("count")) {
        shapes.put(name, shape(table, Objects.requireNonNull(later.get(name))));
      } else {
        shapes.remove(name);
      }
    }
    return shapes;
  }

  private static Shape shape(Members table, Shape after) {
    List<DataSchema.Entry> fields =
        new ArrayList<>(after.fields().subList(0, Math.toIntExact(table.number("count"))));
    for (Members field : table.objects("fields")) {
      DataSchema.Entry entry = CatalogueCodec.field(field);
      fields.set(entry.id(), entry);
    }
    TableSpec spec = table.has("spec") ? CatalogueCodec.spec(table.object("spec")) : after.spec();
    return new Shape(spec, fields, table.number("expiredRows"));
  }
}
