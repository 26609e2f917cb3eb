package dev.leat.trials;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An ext4 of its own in a file, mounted through a loop device, whose power can be cut: what was not
 * forced is gone, as if the machine had stopped. Needs root. For one thread.
 */
final class LoopDisk implements AutoCloseable {
  /** {@code EXT4_IOC_SHUTDOWN}, and its flag for "without flushing the journal". */
  private static final long SHUTDOWN = 0x8004587dL;

  private static final int WITHOUT_FLUSH = 2;

  private static final Set<LoopDisk> MOUNTED = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> MOUNTED.forEach(LoopDisk::letGo)));
  }

  private final Path image;
  private final Path root;

  private LoopDisk(Path image, Path root) {
    this.image = image;
    this.root = root;
  }

  /** What stands in the way of such a disk; empty if nothing does. */
  static String refusal() throws IOException {
    if (!Shell.isRoot()) {
      return "it needs root to mount a file system";
    }
    for (String program : new String[] {"mkfs.ext4", "mount", "umount", "losetup"}) {
      if (!Shell.has(program)) {
        return program + " is not installed";
      }
    }
    return "";
  }

  /** Makes a file system of this size and mounts it at {@code root}. */
  static LoopDisk make(Path image, Path root, long bytes) throws IOException, InterruptedException {
    Files.createDirectories(root);
    try (RandomAccessFile sparse = new RandomAccessFile(image.toFile(), "rw")) {
      sparse.setLength(0);
      sparse.setLength(bytes);
    }
    Shell.run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
    LoopDisk disk = new LoopDisk(image, root);
    disk.mount();
    return disk;
  }

  Path root() {
    return root;
  }

  private void mount() throws IOException, InterruptedException {
    Shell.run("mount", "-o", "loop", image.toString(), root.toString());
    MOUNTED.add(this);
  }

  /** From now on every write and force fails, and nothing that was not forced reaches the disk. */
  @SuppressWarnings("restricted") // Java has no other way to this call
  void cutPower() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Linker linker = Linker.nativeLinker();
      MethodHandle open =
          linker.downcallHandle(
              linker.defaultLookup().find("open").orElseThrow(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
              Linker.Option.firstVariadicArg(2));
      MethodHandle ioctl =
          linker.downcallHandle(
              linker.defaultLookup().find("ioctl").orElseThrow(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS),
              Linker.Option.firstVariadicArg(2));
      MethodHandle close =
          linker.downcallHandle(
              linker.defaultLookup().find("close").orElseThrow(),
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      MemorySegment path = arena.allocateFrom(root.toString());
      MemorySegment flag = arena.allocateFrom(ValueLayout.JAVA_INT, WITHOUT_FLUSH);
      int file = (int) open.invokeExact(path, 0);
      int failed = file < 0 ? file : (int) ioctl.invokeExact(file, SHUTDOWN, flag);
      int closed = file < 0 ? 0 : (int) close.invokeExact(file);
      if (failed != 0 || closed != 0) {
        throw new IOException("the file system at %s can't be shut down".formatted(root));
      }
    } catch (IOException failed) {
      throw failed;
    } catch (Throwable defect) {
      throw new IllegalStateException("a call of the system went wrong", defect);
    }
  }

  /** Power comes back: the file system is what its journal says. No process may have it open. */
  void powerOn() throws IOException, InterruptedException {
    unmount();
    mount();
  }

  private void unmount() throws IOException, InterruptedException {
    Shell.run("umount", root.toString());
    MOUNTED.remove(this);
  }

  /** When this process ends early: away with the mount as soon as nobody uses it. */
  private void letGo() {
    try {
      Shell.run("umount", "-l", root.toString());
    } catch (IOException failed) {
      System.err.printf("%s is still mounted: %s%n", root, failed.getMessage());
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  /** Unmounts it; the image stays. */
  @Override
  public void close() throws IOException {
    try {
      if (MOUNTED.contains(this)) {
        unmount();
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      throw new IOException("unmounting was interrupted", hurried);
    }
  }
}
