package dev.leat.event;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The real disk: a directory of the operating system's file system. */
public final class OsDisk implements Disk {
  private static final int ZERO_BYTES = 1 << 20;

  private final Path root;

  /** A disk whose root is this directory; it is created when first needed. */
  public OsDisk(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  public Path root() {
    return root;
  }

  @Override
  public File open(String name) throws IOException {
    return new OsFile(
        FileChannel.open(
            resolve(name),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE));
  }

  @Override
  public boolean exists(String name) {
    return Files.exists(resolve(name));
  }

  @Override
  public List<String> list(String directory) throws IOException {
    Path path = resolve(directory);
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public void createDirectories(String directory) throws IOException {
    Files.createDirectories(resolve(directory));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(
        resolve(from),
        resolve(to),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(resolve(name));
  }

  @Override
  public void forceDirectory(String directory) throws IOException {
    try (FileChannel channel = FileChannel.open(resolve(directory), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public long freeBytes() throws IOException {
    return Files.getFileStore(root).getUsableSpace();
  }

  @Override
  public AutoCloseable lock(String name) throws IOException {
    Files.createDirectories(root);
    FileChannel channel =
        FileChannel.open(
            resolve(name),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException held) {
      lock = null;
    }
    if (lock == null) {
      String owner = owner(channel);
      channel.close();
      throw new IOException(
          "%s is in use by another Leat%s: stop it, or choose another directory with --data"
              .formatted(root, owner));
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(US_ASCII)));
    return channel;
  }

  /** Who holds a lock, as it wrote down; for people only. */
  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(20);
    int read = channel.read(pid, 0);
    String text = new String(pid.array(), 0, Math.max(0, read), US_ASCII);
    return text.matches("[0-9]+") ? " (process %s)".formatted(text) : "";
  }

  /** The path of a name, which has to be below the root. */
  Path resolve(String name) {
    Path path = root.resolve(name).normalize();
    if (!path.startsWith(root)) {
      throw new IllegalArgumentException("%s leads out of %s".formatted(name, root));
    }
    return path;
  }

  /** Reads until the buffer is full or the file ends; how many bytes. */
  static int read(FileChannel channel, ByteBuffer into, long position) throws IOException {
    int total = 0;
    while (into.hasRemaining()) {
      int read = channel.read(into, position + total);
      if (read < 0) {
        break;
      }
      total += read;
    }
    return total;
  }

  private record OsFile(FileChannel channel) implements File {
    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return OsDisk.read(channel, into, position);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      long at = position;
      while (from.hasRemaining()) {
        at += channel.write(from, at);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    /**
     * Java has no fallocate: zeros are written, which also makes later overwrites cheaper than
     * fresh blocks.
     */
    @Override
    public void allocate(long bytes) throws IOException {
      ByteBuffer zeros = ByteBuffer.allocateDirect(ZERO_BYTES);
      for (long at = channel.size(); at < bytes; at += zeros.limit()) {
        zeros.clear().limit((int) Math.min(ZERO_BYTES, bytes - at));
        write(zeros, at);
      }
    }

    @Override
    public void truncate(long bytes) throws IOException {
      channel.truncate(bytes);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
