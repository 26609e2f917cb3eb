package dev.leat.store;

import dev.leat.event.ProvidedTables;
import java.nio.file.Path;

/** Where statements find what they name. Any thread. */
final class Sources {
  private final Path directory;
  private final Tables tables;
  private final Definitions definitions;
  private final Carriers carriers;
  private final FileCheck check;
  private final ViewShelf views;
  private volatile ProvidedTables provided = ProvidedTables.NONE;

  Sources(
      Path directory,
      Tables tables,
      Definitions definitions,
      Carriers carriers,
      FileCheck check,
      ViewShelf views) {
    this.directory = directory;
    this.tables = tables;
    this.definitions = definitions;
    this.carriers = carriers;
    this.check = check;
    this.views = views;
  }

  void provide(ProvidedTables next) {
    provided = next;
  }

  Path directory() {
    return directory;
  }

  Tables tables() {
    return tables;
  }

  Definitions definitions() {
    return definitions;
  }

  Carriers carriers() {
    return carriers;
  }

  FileCheck check() {
    return check;
  }

  ViewShelf views() {
    return views;
  }

  ProvidedTables provided() {
    return provided;
  }
}
