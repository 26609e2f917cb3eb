package dev.leat.engine;

import dev.leat.event.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;

/**
 * The disk on which the state and the results of metrics lie. What can't be read there is as good
 * as damaged: a read that fails, and fails again at once, ends in {@link StateDamagedException}, so
 * that {@link Restart} gets along without the file instead of never starting again. Safe for use by
 * several threads.
 */
record StateDisk(Disk disk) implements Disk {
  @Override
  public File open(String name) throws IOException {
    return new StateFile(name, disk.open(name));
  }

  @Override
  public boolean exists(String name) throws IOException {
    return disk.exists(name);
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public void createDirectories(String directory) throws IOException {
    disk.createDirectories(directory);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    disk.delete(name);
  }

  @Override
  public void forceDirectory(String directory) throws IOException {
    disk.forceDirectory(directory);
  }

  @Override
  public long freeBytes() throws IOException {
    return disk.freeBytes();
  }

  @Override
  public AutoCloseable lock(String name) throws IOException {
    return disk.lock(name);
  }

  private record StateFile(String name, File file) implements File {
    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      int start = into.position();
      try {
        return file.read(into, position);
      } catch (ClosedChannelException closed) {
        throw closed; // Nothing is known about the bytes.
      } catch (IOException once) {
        return readAgain(into.position(start), position, once);
      }
    }

    private int readAgain(ByteBuffer into, long position, IOException once) throws IOException {
      try {
        return file.read(into, position);
      } catch (ClosedChannelException closed) {
        throw closed;
      } catch (IOException twice) {
        twice.addSuppressed(once);
        StateDamagedException damaged =
            new StateDamagedException(
                name,
                "%d bytes at %d can't be read: %s"
                    .formatted(into.remaining(), position, twice.getMessage()));
        damaged.initCause(twice);
        throw damaged;
      }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      file.write(from, position);
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public void allocate(long bytes) throws IOException {
      file.allocate(bytes);
    }

    @Override
    public void truncate(long bytes) throws IOException {
      file.truncate(bytes);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
