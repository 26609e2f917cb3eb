package dev.leat.trials;

import dev.leat.event.Disk;
import dev.leat.trials.Point.Op;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk whose changes all go through a {@link Tap}. Safe for use by several threads. */
record TappedDisk(Disk disk, Tap tap) implements Disk {
  private static final Tap.Work NOTHING = () -> {};

  @Override
  public File open(String name) throws IOException {
    return new TappedFile(disk.open(name), name, tap);
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
    tap.step(Op.CREATE_DIRECTORIES, directory, () -> disk.createDirectories(directory), NOTHING);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    tap.step(Op.RENAME, from, () -> disk.rename(from, to), NOTHING);
  }

  @Override
  public void delete(String name) throws IOException {
    tap.step(Op.DELETE, name, () -> disk.delete(name), NOTHING);
  }

  @Override
  public void forceDirectory(String directory) throws IOException {
    tap.step(Op.FORCE_DIRECTORY, directory, () -> disk.forceDirectory(directory), NOTHING);
  }

  @Override
  public long freeBytes() throws IOException {
    return disk.freeBytes();
  }

  @Override
  public AutoCloseable lock(String name) throws IOException {
    return disk.lock(name);
  }

  private record TappedFile(File file, String name, Tap tap) implements File {
    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return file.read(into, position);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      ByteBuffer half = from.duplicate();
      half.limit(half.position() + half.remaining() / 2);
      tap.step(Op.WRITE, name, () -> file.write(from, position), () -> file.write(half, position));
    }

    @Override
    public void force() throws IOException {
      tap.step(Op.FORCE, name, file::force, NOTHING);
    }

    @Override
    public void allocate(long bytes) throws IOException {
      tap.step(Op.ALLOCATE, name, () -> file.allocate(bytes), () -> file.allocate(bytes / 2));
    }

    @Override
    public void truncate(long bytes) throws IOException {
      tap.step(Op.TRUNCATE, name, () -> file.truncate(bytes), NOTHING);
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
