package dev.leat.event;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The few things that what is durable asks of a file system, so that a test can stand in for it and
 * lose what was not forced. Names are relative to the disk's root and use {@code /}. Safe for use
 * by several threads.
 *
 * <p>What may be believed after a crash: bytes that were forced, in files whose directory was
 * forced since they were created or renamed. Everything else may be there in part, in any
 * combination of sectors, or not at all.
 */
public interface Disk {
  /** Opens a file for reading and writing, creating it if needed. */
  File open(String name) throws IOException;

  boolean exists(String name) throws IOException;

  /**
   * Names of the files in a directory, without its path, sorted; empty if there is no such
   * directory.
   */
  List<String> list(String directory) throws IOException;

  /** Creates a directory and those above it; harmless if it is there. */
  void createDirectories(String directory) throws IOException;

  /** Renames atomically, replacing what stood there. Durable after {@link #forceDirectory}. */
  void rename(String from, String to) throws IOException;

  /** Removes a file; harmless if it is gone. */
  void delete(String name) throws IOException;

  /** Makes the names in a directory durable. */
  void forceDirectory(String directory) throws IOException;

  /** Bytes a new file could take now. */
  long freeBytes() throws IOException;

  /**
   * Takes the disk for this process alone until the result is closed.
   *
   * @throws IOException saying who holds it, if somebody does
   */
  AutoCloseable lock(String name) throws IOException;

  /** An open file. Positions are in bytes. Safe for use by several threads. */
  interface File extends AutoCloseable {
    /**
     * Reads into the buffer from a position, until it is full or the file ends; returns the bytes
     * read.
     */
    int read(ByteBuffer into, long position) throws IOException;

    /** Writes all of the buffer at a position. */
    void write(ByteBuffer from, long position) throws IOException;

    /**
     * Makes the bytes durable, and the size if it grew (fdatasync). After a failure nothing may be
     * assumed about any byte written since the last success: never call it again and hope.
     */
    void force() throws IOException;

    /**
     * Reserves space so that writes below {@code bytes} need no new blocks; the size becomes at
     * least that.
     */
    void allocate(long bytes) throws IOException;

    void truncate(long bytes) throws IOException;

    long size() throws IOException;

    @Override
    void close() throws IOException;
  }
}
