package dev.leat.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What a comparison ran on. */
final class Facts {
  private Facts() {}

  static Map<String, String> now() throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    facts.put("processor", first("/proc/cpuinfo", "model name"));
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", first("/proc/meminfo", "MemTotal"));
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("java", System.getProperty("java.vm.version"));
    facts.put("load", Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
    return facts;
  }

  /** How many microseconds of the disk a durable write of 256 KiB takes, for beside the figures. */
  static String probe(Path directory) throws IOException {
    FsyncLimit.Result result = FsyncLimit.run(directory, FsyncLimit.BLOCK_BYTES, 200);
    return String.format(
        Locale.ROOT,
        "write + fdatasync of 256 KiB: p50 %.2f, p99 %.2f ms",
        result.micros().getValueAtPercentile(50) / 1e3,
        result.micros().getValueAtPercentile(99) / 1e3);
  }

  private static String first(String file, String key) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("?");
    }
  }
}
