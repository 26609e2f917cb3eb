package dev.leat.server;

import com.sun.management.OperatingSystemMXBean;
import dev.leat.query.JsonWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * What the process takes of the machine, and what the machine has. Shares are of all cores, from 0
 * to 1; -1 where the system does not tell.
 */
record MachineLoad(
    double process,
    double machine,
    int cores,
    long memoryBytes,
    long diskBytes,
    long diskFreeBytes,
    int threads) {
  private static final double PER_MILLE = 1e3;

  /** As it is now, since the last time somebody asked. */
  static MachineLoad now(Path data) {
    DiskSpace disk = DiskSpace.of(data);
    long total = disk == null ? 0 : disk.total();
    long free = disk == null ? 0 : disk.free();
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    int cores = Runtime.getRuntime().availableProcessors();
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? new MachineLoad(
            share(system.getProcessCpuLoad()),
            share(system.getCpuLoad()),
            cores,
            system.getTotalMemorySize(),
            total,
            free,
            threads)
        : new MachineLoad(-1, -1, cores, 0, total, free, threads);
  }

  private static double share(double load) {
    return load >= 0 ? Math.round(load * PER_MILLE) / PER_MILLE : -1;
  }

  void writeTo(JsonWriter json) throws IOException {
    json.beginObject()
        .field("cpu", process)
        .field("machineCpu", machine)
        .field("cores", cores)
        .field("memoryBytes", memoryBytes)
        .field("diskBytes", diskBytes)
        .field("diskFreeBytes", diskFreeBytes)
        .field("threads", threads)
        .endObject();
  }
}
