package dev.leat.server;

import dev.leat.query.JsonWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the process uses of the machine.
 *
 * @param rssBytes resident memory; 0 where the system does not tell
 * @param collections turns of the collector of garbage
 * @param gcMillis how long those made the program stand still
 */
record Vitals(
    long heapUsedBytes, long heapMaxBytes, long rssBytes, long collections, long gcMillis) {
  private static final Path STATUS = Path.of("/proc/self/status");

  static Vitals now() {
    Runtime runtime = Runtime.getRuntime();
    long collections = 0;
    long millis = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      // A collector that works beside the program has one bean for its turns and one for its
      // pauses.
      if (!collector.getName().endsWith(" Pauses")) {
        collections += Math.max(0, collector.getCollectionCount());
      }
      if (!collector.getName().endsWith(" Cycles")) {
        millis += Math.max(0, collector.getCollectionTime());
      }
    }
    return new Vitals(
        runtime.totalMemory() - runtime.freeMemory(),
        runtime.maxMemory(),
        residentBytes(),
        collections,
        millis);
  }

  void writeTo(JsonWriter json) throws IOException {
    json.beginObject()
        .field("heapUsedMb", heapUsedBytes >> 20)
        .field("heapMaxMb", heapMaxBytes >> 20)
        .field("rssMb", rssBytes >> 20)
        .field("gcs", collections)
        .field("gcMillis", gcMillis)
        .endObject();
  }

  private static long residentBytes() {
    if (!Files.exists(STATUS)) {
      return 0;
    }
    try (BufferedReader lines = Files.newBufferedReader(STATUS)) {
      return lines
          .lines()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException unknown) {
      return 0; // a figure for people; nothing depends on it
    }
  }
}
