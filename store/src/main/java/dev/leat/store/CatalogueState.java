package dev.leat.store;

import dev.leat.event.DataSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the catalogue says after some commit. Immutable: a commit yields the next state.
 *
 * @param version counts commits, merges among them
 * @param history the offsets of the last versions, newest last
 * @param files present ones and those that an older version still needs
 * @param fields the schema's entries
 */
record CatalogueState(
    long version, List<Offsets> history, List<DataFile> files, List<DataSchema.Entry> fields) {

  /** Where each shard continues after a version. */
  record Offsets(long version, List<Long> next) {
    Offsets {
      next = List.copyOf(next);
    }
  }

  /**
   * What one commit changes.
   *
   * @param fields entries that are new or have another kind than before
   */
  record Change(
      long version,
      List<Long> offsets,
      List<DataFile> added,
      List<String> removed,
      List<DataSchema.Entry> fields) {
    Change {
      offsets = List.copyOf(offsets);
      added = List.copyOf(added);
      removed = List.copyOf(removed);
      fields = List.copyOf(fields);
    }
  }

  CatalogueState {
    history = List.copyOf(history);
    files = List.copyOf(files);
    fields = List.copyOf(fields);
  }

  static CatalogueState empty(int partitions) {
    return new CatalogueState(
        0,
        List.of(new Offsets(0, java.util.Collections.nCopies(partitions, 0L))),
        List.of(),
        List.of());
  }

  List<Long> offsets() {
    return history.getLast().next();
  }

  List<DataFile> present() {
    return files.stream().filter(DataFile::isPresent).toList();
  }

  /**
   * Files that no version needs any more once only the last {@code keepVersions} before this one
   * are kept.
   */
  List<DataFile> expired(int keepVersions) {
    return files.stream().filter(file -> file.removedVersion() <= version - keepVersions).toList();
  }

  /** Entries of the schema that this state does not have as they are now. */
  List<DataSchema.Entry> changed(List<DataSchema.Entry> entries) {
    return entries.stream()
        .filter(entry -> entry.id() >= fields.size() || !fields.get(entry.id()).equals(entry))
        .toList();
  }

  CatalogueState apply(Change change, int keepVersions) {
    if (change.version() != version + 1) {
      throw new IllegalStateException("version %d follows %d".formatted(change.version(), version));
    }
    Map<String, DataFile> next = new HashMap<>();
    List<String> order = new ArrayList<>();
    for (DataFile file : files) {
      if (file.removedVersion() > version - keepVersions) {
        order.add(file.path());
        next.put(file.path(), file);
      }
    }
    for (String path : change.removed()) {
      DataFile file = next.get(path);
      if (file == null || !file.isPresent()) {
        throw new IllegalStateException(
            "version %d removes %s, which is not there".formatted(change.version(), path));
      }
      next.put(path, file.removedAt(change.version()));
    }
    for (DataFile file : change.added()) {
      if (next.put(file.path(), file.addedAt(change.version())) != null) {
        throw new IllegalStateException(
            "version %d adds %s again".formatted(change.version(), file.path()));
      }
      order.add(file.path());
    }
    List<DataSchema.Entry> schema = new ArrayList<>(fields);
    for (DataSchema.Entry entry : change.fields()) {
      if (entry.id() < schema.size()) {
        schema.set(entry.id(), entry);
      } else {
        schema.add(entry);
      }
    }
    List<Offsets> offsets = new ArrayList<>(history);
    offsets.add(new Offsets(change.version(), change.offsets()));
    offsets.removeIf(old -> old.version() < change.version() - keepVersions);
    return new CatalogueState(
        change.version(),
        offsets,
        order.stream().map(path -> java.util.Objects.requireNonNull(next.get(path))).toList(),
        schema);
  }
}
