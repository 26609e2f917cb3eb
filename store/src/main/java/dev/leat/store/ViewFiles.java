package dev.leat.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of views: results as Parquet under {@code views/NAME/}, and beside them {@code
 * view.json}, which says what they are. It is written anew and renamed, so that it is that of one
 * result. Everything here can be computed anew: what is damaged is dropped. Any thread.
 */
final class ViewFiles {
  /** Where the views are, each in a directory of its name. */
  static final String ROOT = "views";

  private static final String NOTE = "view.json";
  private static final String FRESH = "view.json.new";
  private static final int MAX_NOTE_BYTES = 16 << 20;
  private static final int MAX_DEPTH = 8;

  private final Disk disk;
  private final Set<String> sound = ConcurrentHashMap.newKeySet();

  ViewFiles(Disk disk) {
    this.disk = disk;
  }

  static String directory(String view) {
    return ROOT + "/" + view;
  }

  /**
   * Makes sure that no result is carried on that goes further than what was committed: its last
   * rows are decided anew, perhaps otherwise.
   */
  void open(long committed) throws IOException {
    disk.createDirectories(ROOT);
    for (String view : disk.list(ROOT)) {
      ViewResult result = read(view);
      if (result != null && result.incremental() && result.asOf() > committed) {
        write(view, result.closed());
      }
    }
  }

  /** The results that are kept, by the view's name; files of no result are removed. */
  Map<String, ViewResult> load() throws IOException {
    Map<String, ViewResult> results = new TreeMap<>();
    for (String view : disk.list(ROOT)) {
      ViewResult result = read(view);
      Set<String> known = new HashSet<>();
      if (result != null) {
        results.put(view, result);
        result.parts().forEach(part -> known.add(part.path()));
      }
      for (String file : disk.list(directory(view))) {
        String path = directory(view) + "/" + file;
        if (!known.contains(path) && !file.equals(NOTE)) {
          disk.delete(path);
        }
      }
    }
    return results;
  }

  /** The result of a view, if all of it is there. */
  @Nullable ViewResult read(String view) throws IOException {
    String path = directory(view) + "/" + NOTE;
    if (!disk.exists(path)) {
      return null;
    }
    try (Disk.File file = disk.open(path)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), MAX_NOTE_BYTES));
      file.read(bytes, 0);
      ViewResult result =
          Json.parse(ViewNote.open(bytes.array()), MAX_DEPTH) instanceof Map<?, ?> json
              ? ViewResult.of(json)
              : null;
      return result != null && isWhole(result) ? result : null;
    } catch (RuntimeException damaged) {
      System.getLogger(ViewFiles.class.getName())
          .log(
              System.Logger.Level.WARNING,
              path + " can't be read, the view is computed anew",
              damaged);
      return null;
    }
  }

  private boolean isWhole(ViewResult result) throws IOException {
    for (ViewResult.Part part : result.parts()) {
      if (!disk.exists(part.path())) {
        return false;
      }
    }
    return true;
  }

  /** Makes a result that of the view, durably; its files have to be there. */
  void write(String view, ViewResult result) throws IOException {
    String directory = directory(view);
    try (Disk.File file = disk.open(directory + "/" + FRESH)) {
      byte[] json = ViewNote.seal(Json.write(result.toJson()).getBytes(UTF_8));
      file.truncate(0);
      file.write(ByteBuffer.wrap(json), 0);
      file.force();
    }
    disk.rename(directory + "/" + FRESH, directory + "/" + NOTE);
    disk.forceDirectory(directory);
    disk.forceDirectory(ROOT);
  }

  /** Forgets the result of a view. */
  void forget(String view) {
    delete(directory(view) + "/" + NOTE);
  }

  /** Makes a file durable that was written beside us, and returns its checksum. */
  long force(String path) throws IOException {
    if (!disk.exists(path)) {
      throw new NoSuchFileException(path);
    }
    try (Disk.File file = disk.open(path)) {
      file.force();
      return FileChecksum.of(file, file.size());
    }
  }

  /**
   * Whether the files of a result are as they were written; each is looked at once in the life of
   * the process.
   *
   * @throws IOException if one of them can't be read now
   */
  boolean isSound(ViewResult result) throws IOException {
    for (ViewResult.Part part : result.parts()) {
      if (!sound.contains(part.path())) {
        if (!disk.exists(part.path())) {
          return false;
        }
        try (Disk.File file = disk.open(part.path())) {
          if (FileChecksum.of(file, file.size()) != part.checksum()) {
            return false;
          }
        }
        sound.add(part.path());
      }
    }
    return true;
  }

  void createDirectory(String view) throws IOException {
    disk.createDirectories(directory(view));
  }

  /** Removes a file; if that fails, the next start does. */
  void delete(String path) {
    sound.remove(path);
    try {
      disk.delete(path);
    } catch (IOException failure) {
      System.getLogger(ViewFiles.class.getName())
          .log(System.Logger.Level.WARNING, "could not delete " + path, failure);
    }
  }
}
