package dev.leat.event;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A directory that belongs to somebody else, perhaps to a server at work: files can be read and
 * listed, and nothing can be made, changed or removed. Opening what is not there fails with {@link
 * java.nio.file.NoSuchFileException} instead of creating it. Safe for use by several threads.
 */
public final class ReadOnlyDisk implements Disk {
  private final OsDisk disk;

  /** The files below a directory. */
  public ReadOnlyDisk(Path root) {
    this.disk = new OsDisk(root);
  }

  public Path root() {
    return disk.root();
  }

  @Override
  public File open(String name) throws IOException {
    return new ReadOnlyFile(FileChannel.open(disk.resolve(name), StandardOpenOption.READ));
  }

  @Override
  public boolean exists(String name) {
    return disk.exists(name);
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public void createDirectories(String directory) {
    throw refused();
  }

  @Override
  public void rename(String from, String to) {
    throw refused();
  }

  @Override
  public void delete(String name) {
    throw refused();
  }

  @Override
  public void forceDirectory(String directory) {
    throw refused();
  }

  /** Always 0: nothing can be written here. */
  @Override
  public long freeBytes() {
    return 0;
  }

  @Override
  public AutoCloseable lock(String name) {
    throw refused();
  }

  private static UnsupportedOperationException refused() {
    return new UnsupportedOperationException("this directory is only read");
  }

  private record ReadOnlyFile(FileChannel channel) implements File {
    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return OsDisk.read(channel, into, position);
    }

    @Override
    public void write(ByteBuffer from, long position) {
      throw refused();
    }

    @Override
    public void force() {
      throw refused();
    }

    @Override
    public void allocate(long bytes) {
      throw refused();
    }

    @Override
    public void truncate(long bytes) {
      throw refused();
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
