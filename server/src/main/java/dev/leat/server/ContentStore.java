package dev.leat.server;

import dev.leat.event.Disk;
import dev.leat.event.OsDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Copies of the files that definitions consist of, each called by the SHA-256 of its content and an
 * extension that says what it is, as {@code 9f86d0….csv}. A name is given out only once its content
 * is durable, so that a record that holds it can be believed after a crash. Safe for use by several
 * threads.
 */
final class ContentStore {
  static final long MAX_BYTES = 1L << 30;

  private static final String DIRECTORY = "definitions";
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}(\\.[a-z0-9]{1,16}){1,2}");
  private static final int CHUNK_BYTES = 64 << 10;

  private final Disk disk;
  private final Path root;

  private ContentStore(Disk disk, Path root) {
    this.disk = disk;
    this.root = root;
  }

  /** The copies below a data directory. */
  static ContentStore in(Path data) {
    OsDisk disk = new OsDisk(data);
    return new ContentStore(disk, disk.root());
  }

  /** The copies on a disk that a test made; {@link #path} leads nowhere there. */
  static ContentStore on(Disk disk) {
    return new ContentStore(disk, Path.of(""));
  }

  /** Whether a text could be a name of a copy. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * Copies a file and returns the copy's name.
   *
   * @param extension such as {@code .csv.gz}
   */
  synchronized String keep(Path file, String extension) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return keep(in, extension);
    }
  }

  /** Copies what a stream has and returns the copy's name. */
  synchronized String keep(InputStream content, String extension) throws IOException {
    disk.createDirectories(DIRECTORY);
    String scratch = DIRECTORY + "/copying";
    disk.delete(scratch);
    String name;
    try (Disk.File copy = disk.open(scratch)) {
      MessageDigest digest = sha256();
      write(new DigestInputStream(content, digest), copy);
      name = HexFormat.of().formatHex(digest.digest()) + extension;
      if (!isName(name)) {
        throw new IllegalArgumentException("'%s' is no extension".formatted(extension));
      }
      copy.force();
    }
    // Also over a copy of the same name: this one is known to be whole and durable.
    disk.rename(scratch, DIRECTORY + "/" + name);
    disk.forceDirectory(DIRECTORY);
    return name;
  }

  /**
   * The content of a copy.
   *
   * @throws IOException if it is gone, damaged, or larger than {@code maxBytes}
   */
  byte[] read(String name, int maxBytes) throws IOException {
    requireName(name);
    if (!disk.exists(DIRECTORY + "/" + name)) {
      throw new IOException("%s/%s is gone".formatted(DIRECTORY, name));
    }
    try (Disk.File file = disk.open(DIRECTORY + "/" + name)) {
      if (file.size() > maxBytes) {
        throw new IOException("%s/%s has more than %d bytes".formatted(DIRECTORY, name, maxBytes));
      }
      byte[] content = new byte[(int) file.size()];
      file.read(ByteBuffer.wrap(content), 0);
      requireHash(name, sha256().digest(content));
      return content;
    }
  }

  /**
   * Where a copy lies, for readers that take files alone, after a look at its content.
   *
   * @throws IOException if it is gone or damaged
   */
  Path path(String name) throws IOException {
    requireName(name);
    Path path = root.resolve(DIRECTORY).resolve(name);
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
      byte[] chunk = new byte[CHUNK_BYTES];
      while (in.read(chunk) >= 0) {}
    }
    requireHash(name, digest.digest());
    return path;
  }

  /** Removes all copies but these. */
  synchronized void retain(Set<String> names) throws IOException {
    boolean removed = false;
    for (String name : disk.list(DIRECTORY)) {
      if (!names.contains(name)) {
        disk.delete(DIRECTORY + "/" + name);
        removed = true;
      }
    }
    if (removed) {
      disk.forceDirectory(DIRECTORY);
    }
  }

  private static void write(InputStream content, Disk.File copy) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    long written = 0;
    for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
      if (written + read > MAX_BYTES) {
        throw new IOException("it has more than %d bytes".formatted(MAX_BYTES));
      }
      copy.write(ByteBuffer.wrap(chunk, 0, read), written);
      written += read;
    }
  }

  private static void requireName(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException("'%s' is no name of a copy".formatted(name));
    }
  }

  private static void requireHash(String name, byte[] hash) throws IOException {
    if (!name.startsWith(HexFormat.of().formatHex(hash))) {
      throw new IOException("%s/%s is damaged".formatted(DIRECTORY, name));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
