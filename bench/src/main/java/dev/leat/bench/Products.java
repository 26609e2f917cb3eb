package dev.leat.bench;

import dev.leat.server.ShopPipeline;
import java.io.IOException;
import java.nio.file.Path;

/** The table of products that every order is looked up in. */
final class Products {
  private Products() {}

  /** Writes it, with the rest of Leat's definition, and says its file. */
  static Path write(Path directory) throws IOException {
    return ShopPipeline.write(directory).resolveSibling("skus.csv");
  }
}
