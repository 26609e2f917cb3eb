package dev.leat.bench;

import java.lang.management.ManagementFactory;

/** Time and processor time of this process since it was made. */
final class Stopwatch {
  private final com.sun.management.OperatingSystemMXBean system =
      (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final long begun = System.nanoTime();
  private final long cpuBegun = system.getProcessCpuTime();

  double seconds() {
    return (System.nanoTime() - begun) / 1e9;
  }

  double cpuSeconds() {
    return (system.getProcessCpuTime() - cpuBegun) / 1e9;
  }
}
