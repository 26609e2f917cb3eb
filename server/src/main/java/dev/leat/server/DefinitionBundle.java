package dev.leat.server;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a version of the definition consists of, by the names of copies in the {@link ContentStore}:
 * small enough for a record in the log, and all that is needed to do again what was done.
 * Immutable.
 *
 * <pre>
 * byte   format, 1
 * long   version
 * UTF    name of the copy of the definition (its canonical form)
 * int    schemas, then for each: UTF path as written, UTF name of the copy
 * int    lookups, then for each: UTF name of the lookup, UTF name of the copy
 * </pre>
 *
 * @param version counted from 1 by who applies it
 * @param schemas names of copies by the paths that the definition says
 * @param lookups names of copies by the lookups' names
 */
record DefinitionBundle(
    long version,
    String definition,
    SortedMap<String, String> schemas,
    SortedMap<String, String> lookups) {
  private static final byte FORMAT = 1;
  private static final int MAX_ENTRIES = 10_000;

  DefinitionBundle {
    schemas = Collections.unmodifiableSortedMap(new TreeMap<>(schemas));
    lookups = Collections.unmodifiableSortedMap(new TreeMap<>(lookups));
    Set<String> names = new HashSet<>(schemas.values());
    names.addAll(lookups.values());
    names.add(definition);
    for (String name : names) {
      if (!ContentStore.isName(name)) {
        throw new IllegalArgumentException("'%s' is no name of a copy".formatted(name));
      }
    }
  }

  /** The same with another number. */
  DefinitionBundle withVersion(long number) {
    return new DefinitionBundle(number, definition, schemas, lookups);
  }

  /** Whether events are treated the same by both, whatever their numbers. */
  boolean isSameAs(DefinitionBundle other) {
    return equals(other.withVersion(version));
  }

  /** The names of all copies it needs. */
  Set<String> copies() {
    Set<String> names = new HashSet<>(schemas.values());
    names.addAll(lookups.values());
    names.add(definition);
    return names;
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeLong(version);
      out.writeUTF(definition);
      write(schemas, out);
      write(lookups, out);
    } catch (UTFDataFormatException tooLong) {
      throw new IllegalStateException("a path has more than 65535 bytes", tooLong);
    } catch (IOException impossible) {
      throw new UncheckedIOException("memory does not fail", impossible);
    }
    return bytes.toByteArray();
  }

  /**
   * What {@link #encode} wrote.
   *
   * @throws IOException if the bytes are something else
   */
  static DefinitionBundle decode(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte format = in.readByte();
      if (format != FORMAT) {
        throw new IOException("a definition of format %d; known is %d".formatted(format, FORMAT));
      }
      DefinitionBundle bundle = new DefinitionBundle(in.readLong(), in.readUTF(), map(in), map(in));
      if (in.available() > 0) {
        throw new IOException("%d bytes follow a definition".formatted(in.available()));
      }
      return bundle;
    } catch (EOFException cut) {
      throw new IOException("a definition is cut short", cut);
    } catch (IllegalArgumentException wrong) {
      throw new IOException("a definition is damaged: " + wrong.getMessage(), wrong);
    }
  }

  private static void write(SortedMap<String, String> map, DataOutputStream out)
      throws IOException {
    out.writeInt(map.size());
    for (var entry : map.entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeUTF(entry.getValue());
    }
  }

  private static SortedMap<String, String> map(DataInputStream in) throws IOException {
    int size = in.readInt();
    if (size < 0 || size > MAX_ENTRIES) {
      throw new IOException("a definition with %d parts".formatted(size));
    }
    TreeMap<String, String> map = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      map.put(in.readUTF(), in.readUTF());
    }
    return map;
  }
}
