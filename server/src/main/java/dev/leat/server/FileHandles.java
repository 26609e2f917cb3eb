package dev.leat.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many file handles the system grants the process, and what they are for. */
final class FileHandles {
  /** Each connection takes some ten kilobytes besides its handle. */
  private static final int MOST_CONNECTIONS = 10_000;

  private FileHandles() {}

  /**
   * So many connections may be open at once: half of the handles, so that files can always be
   * opened. Those beyond it wait until another ends. Without this, the one for which there is no
   * handle would end the listening for all.
   */
  static int forConnections() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? Math.clamp(system.getMaxFileDescriptorCount() / 2, 1, MOST_CONNECTIONS)
        : MOST_CONNECTIONS;
  }
}
