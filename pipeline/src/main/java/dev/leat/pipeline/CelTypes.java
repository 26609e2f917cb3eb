package dev.leat.pipeline;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.leat.pipeline.DataType.ListOf;
import dev.leat.pipeline.DataType.ObjectOf;
import dev.leat.pipeline.DataType.Scalar;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The types of one scope in both languages. An object with known members is a struct type, so that
 * the checker finds names that do not exist. Immutable once made.
 */
@SuppressWarnings("Immutable") // The constructor fills it; nothing else does.
final class CelTypes implements CelTypeProvider {
  private final Map<String, StructType> structs = new LinkedHashMap<>();
  private final Map<String, ObjectOf> objects = new HashMap<>();
  private final CelType root;

  CelTypes(DataType data) {
    root = toCel(data, ExpressionScope.DATA);
  }

  /** The type of {@code data}. */
  CelType root() {
    return root;
  }

  @Override
  public ImmutableCollection<CelType> types() {
    return ImmutableList.copyOf(structs.values());
  }

  @Override
  public Optional<CelType> findType(String name) {
    return Optional.ofNullable(structs.get(name));
  }

  /** All objects with known members. */
  Iterable<ObjectOf> objects() {
    return objects.values();
  }

  private CelType toCel(DataType type, String path) {
    return switch (type) {
      case Scalar scalar ->
          switch (scalar) {
            case ANY -> SimpleType.DYN;
            case BOOLEAN -> SimpleType.BOOL;
            case INTEGER -> SimpleType.INT;
            case NUMBER -> SimpleType.DOUBLE;
            case TEXT -> SimpleType.STRING;
          };
      case ListOf list -> ListType.create(toCel(list.element(), path + "[]"));
      case ObjectOf object ->
          ExpressionScope.isUnknown(object) ? SimpleType.DYN : struct(object, path);
    };
  }

  /** The name can't be written in an expression, so nothing in one can be mistaken for the type. */
  private StructType struct(ObjectOf object, String path) {
    Map<String, CelType> fields = new HashMap<>();
    object.members().forEach((name, member) -> fields.put(name, toCel(member, path + "." + name)));
    String name = "object " + path;
    StructType struct =
        StructType.create(
            name,
            ImmutableSet.copyOf(object.members().keySet()),
            field -> Optional.ofNullable(fields.get(field)));
    structs.put(name, struct);
    objects.put(name, object);
    return struct;
  }

  private CelType toCel(DataType.Member member, String path) {
    CelType type = toCel(member.type(), path);
    if (!member.nullable()) {
      return type;
    }
    return switch (type.kind()) {
      case BOOL, INT, DOUBLE, STRING -> NullableType.create(type);
      case LIST -> SimpleType.DYN; // CEL has no type for a list or null.
      default -> type; // A struct may be null in CEL, and so may what is unknown.
    };
  }

  /** What a value of a CEL type is in data; null for a type that data has no values of. */
  @Nullable DataType fromCel(CelType type) {
    return switch (type) {
      case NullableType nullable -> fromCel(nullable.targetType());
      case ListType list -> {
        DataType element = fromCel(list.elemType());
        yield element == null ? null : new ListOf(element);
      }
      case MapType _ -> DataType.unknown();
      default ->
          switch (type.kind()) {
            case BOOL -> Scalar.BOOLEAN;
            case INT, UINT -> Scalar.INTEGER;
            case DOUBLE -> Scalar.NUMBER;
            case STRING, TIMESTAMP, DURATION -> Scalar.TEXT;
            case STRUCT -> objects.get(type.name());
            case DYN, NULL_TYPE, ANY, TYPE_PARAM -> Scalar.ANY;
            default -> null;
          };
    };
  }
}
