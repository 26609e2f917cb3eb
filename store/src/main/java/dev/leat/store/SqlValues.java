package dev.leat.store;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/** DuckDB's values as those that {@link dev.leat.event.EventStore.Receiver} promises. */
final class SqlValues {
  private SqlValues() {}

  static @Nullable Object[] row(ResultSet result, int columns) throws SQLException {
    @Nullable Object[] row = new Object[columns];
    for (int i = 0; i < columns; i++) {
      row[i] = convert(result.getObject(i + 1));
    }
    return row;
  }

  private static @Nullable Object convert(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case Boolean _, Long _, Double _, BigInteger _, BigDecimal _, String _ -> value;
      case LocalDate _, LocalTime _, LocalDateTime _, Instant _, byte[] _ -> value;
      case Byte number -> number.longValue();
      case Short number -> number.longValue();
      case Integer number -> number.longValue();
      case Float number -> number.doubleValue();
      // The driver works out the offset as if the local time were UTC, so only the local time can
      // be trusted.
      case OffsetDateTime time -> time.toLocalDateTime().atZone(ZoneId.systemDefault()).toInstant();
      case Timestamp time -> time.toLocalDateTime();
      case Blob blob -> blob.getBytes(1, Math.toIntExact(blob.length()));
      case DuckDBStruct struct -> object(struct.getMap());
      case Map<?, ?> map -> object(map);
      case Array array -> list(array);
      default -> value.toString();
    };
  }

  private static Map<String, @Nullable Object> object(Map<?, ?> members) throws SQLException {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : members.entrySet()) {
      object.put(String.valueOf(member.getKey()), convert(member.getValue()));
    }
    return object;
  }

  private static List<@Nullable Object> list(Array array) throws SQLException {
    List<@Nullable Object> list = new ArrayList<>();
    for (Object element : (Object[]) array.getArray()) {
      list.add(convert(element));
    }
    return list;
  }

  /** Bytes held, roughly: what limits how many rows wait for the one who asked. */
  static long weight(@Nullable Object[] row) {
    long weight = 0;
    for (Object value : row) {
      weight += weight(value);
    }
    return weight;
  }

  private static long weight(@Nullable Object value) {
    return switch (value) {
      case String text -> text.length();
      case byte[] bytes -> bytes.length;
      case List<?> list -> list.stream().mapToLong(SqlValues::weight).sum();
      case Map<?, ?> map -> map.values().stream().mapToLong(SqlValues::weight).sum();
      case null, default -> Long.BYTES;
    };
  }
}
