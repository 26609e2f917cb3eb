package dev.leat.trials;

import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.TableSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one commit of a {@link SimStore} adds and replaces, as it is written down: the rows are
 * those of this commit, all else is as of it.
 *
 * @param after the version it follows: not the one before if it goes back
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record SimCommit(
    long nextOffset,
    byte[] state,
    List<TableSpec> tables,
    Map<String, List<DataSchema.Entry>> fields,
    List<SimRow> rows,
    long after) {

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(nextOffset);
      out.writeInt(state.length);
      out.write(state);
      out.writeInt(tables.size());
      for (TableSpec table : tables) {
        writeTable(out, table);
      }
      out.writeInt(fields.size());
      for (Map.Entry<String, List<DataSchema.Entry>> each : new TreeMap<>(fields).entrySet()) {
        writeFields(out, each.getKey(), each.getValue());
      }
      out.writeInt(rows.size());
      for (SimRow row : rows) {
        writeRow(out, row);
      }
      out.writeLong(after);
    } catch (IOException impossible) {
      throw new IllegalStateException("bytes in memory can't fail", impossible);
    }
    return bytes.toByteArray();
  }

  private static void writeTable(DataOutputStream out, TableSpec table) throws IOException {
    String key = table.entityKey();
    Duration retention = table.retention();
    out.writeUTF(table.name());
    out.writeBoolean(table.declared());
    out.writeBoolean(table.flat());
    out.writeUTF(key == null ? "" : key);
    out.writeLong(retention == null ? -1 : retention.toMillis());
  }

  private static void writeFields(
      DataOutputStream out, String table, List<DataSchema.Entry> entries) throws IOException {
    out.writeUTF(table);
    out.writeInt(entries.size());
    for (DataSchema.Entry entry : entries) {
      out.writeInt(entry.parent());
      out.writeUTF(entry.name());
      out.writeUTF(entry.kind().name());
    }
  }

  private static void writeRow(DataOutputStream out, SimRow row) throws IOException {
    out.writeUTF(row.table());
    out.writeLong(row.offset());
    out.writeInt(row.values().size());
    for (Map.Entry<String, Object> each : row.values().entrySet()) {
      out.writeUTF(each.getKey());
      switch (each.getValue()) {
        case Long number -> {
          out.writeByte('l');
          out.writeLong(number);
        }
        case Double number -> {
          out.writeByte('d');
          out.writeDouble(number);
        }
        case Boolean truth -> {
          out.writeByte('b');
          out.writeBoolean(truth);
        }
        case String text -> {
          out.writeByte('s');
          out.writeUTF(text);
        }
        case byte[] raw -> {
          out.writeByte('r');
          out.writeInt(raw.length);
          out.write(raw);
        }
        default -> throw new IllegalStateException("no value of a row: " + each);
      }
    }
  }

  static SimCommit decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      long nextOffset = in.readLong();
      byte[] state = in.readNBytes(in.readInt());
      List<TableSpec> tables = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        tables.add(readTable(in));
      }
      Map<String, List<DataSchema.Entry>> fields = new TreeMap<>();
      for (int i = in.readInt(); i > 0; i--) {
        fields.put(in.readUTF(), readFields(in));
      }
      List<SimRow> rows = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        rows.add(readRow(in));
      }
      return new SimCommit(nextOffset, state, tables, fields, rows, in.readLong());
    } catch (IOException impossible) {
      throw new IllegalStateException("a commit whose checksum holds is whole", impossible);
    }
  }

  private static TableSpec readTable(DataInputStream in) throws IOException {
    String name = in.readUTF();
    boolean declared = in.readBoolean();
    boolean flat = in.readBoolean();
    String key = in.readUTF();
    long retention = in.readLong();
    return new TableSpec(
        name,
        declared,
        flat,
        key.isEmpty() ? null : key,
        retention < 0 ? null : Duration.ofMillis(retention));
  }

  private static List<DataSchema.Entry> readFields(DataInputStream in) throws IOException {
    List<DataSchema.Entry> entries = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      int parent = in.readInt();
      String name = in.readUTF();
      entries.add(new DataSchema.Entry(entries.size(), parent, name, Kind.valueOf(in.readUTF())));
    }
    return entries;
  }

  private static SimRow readRow(DataInputStream in) throws IOException {
    String table = in.readUTF();
    long offset = in.readLong();
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = in.readInt(); i > 0; i--) {
      String column = in.readUTF();
      char kind = (char) in.readByte();
      values.put(
          column,
          switch (kind) {
            case 'l' -> (Object) in.readLong();
            case 'd' -> in.readDouble();
            case 'b' -> in.readBoolean();
            case 's' -> in.readUTF();
            case 'r' -> in.readNBytes(in.readInt());
            default -> throw new IOException("no kind of value: " + kind);
          });
    }
    return new SimRow(table, offset, values);
  }
}
