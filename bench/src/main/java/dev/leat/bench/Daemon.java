package dev.leat.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A process that runs until it is stopped, and what it uses of the machine. */
final class Daemon implements AutoCloseable {
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);
  private static final int STOP_SECONDS = 60;
  private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux
  private static final int UTIME = 11; // fields of /proc/PID/stat, counted after the name

  private final String name;
  private final Process process;
  private final Path output;

  private Daemon(String name, Process process, Path output) {
    this.name = name;
    this.process = process;
    this.output = output;
  }

  /** Starts it; what it says goes to a file in the directory. */
  static Daemon start(String name, Path directory, List<String> command) throws IOException {
    Files.createDirectories(directory);
    Path output = directory.resolve(name + ".out");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    Daemon daemon = new Daemon(name, process, output);
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return daemon;
  }

  /** A command that runs a class with the Java of this process. */
  static List<String> java(List<String> options, String classPath, String main, List<String> args) {
    List<String> command =
        new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(args);
    return command;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  void awaitPort(int port) throws IOException, InterruptedException {
    await("listens at " + port, () -> listens(port));
  }

  /** The rest of the first line that begins so. */
  String awaitLine(String prefix) throws IOException, InterruptedException {
    await("says " + prefix, () -> said(prefix).isPresent());
    return said(prefix).orElseThrow().substring(prefix.length()).strip();
  }

  void await(String what, BooleanSupplier happened) throws IOException, InterruptedException {
    long end = System.nanoTime() + START_PATIENCE.toNanos();
    while (!happened.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IOException(
            "%s never %s; it said:%n%s".formatted(name, what, tail(Files.readString(output))));
      }
      Thread.sleep(50);
    }
  }

  private static String tail(String text) {
    return text.substring(Math.max(0, text.length() - 4_000));
  }

  private Optional<String> said(String prefix) {
    try (Stream<String> lines = Files.lines(output)) {
      return lines.filter(line -> line.startsWith(prefix)).findFirst();
    } catch (IOException | UncheckedIOException unreadable) {
      return Optional.empty(); // half a character at the end; the next look sees the whole
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  /** Core-seconds so far, of user and system. */
  double cpuSeconds() throws IOException {
    return cpuSeconds(Long.toString(pid()));
  }

  static double ownCpuSeconds() throws IOException {
    return cpuSeconds("self");
  }

  private static double cpuSeconds(String pid) throws IOException {
    return cpuSecondsIn(Files.readString(Path.of("/proc", pid, "stat")));
  }

  /** Core-seconds so far by the names of threads, those that differ in a number taken together. */
  Map<String, Double> threadCpuSeconds() throws IOException {
    Map<String, Double> seconds = new TreeMap<>();
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(pid()), "task"))) {
      for (Path thread : threads) {
        try {
          String stat = Files.readString(thread.resolve("stat"));
          String thisOne = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
          String family = thisOne.replaceAll("[-#]?\\d*-?$", "");
          seconds.merge(family, cpuSecondsIn(stat), Double::sum);
        } catch (IOException unreadable) {
          if (Files.exists(thread)) {
            throw unreadable;
          } // Threads come and go; what one used before it ended is small here.
        }
      }
    }
    return seconds;
  }

  private static double cpuSecondsIn(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1])) / TICKS_PER_SECOND;
  }

  /** Resident memory at its highest, in MiB. */
  long peakMemoryMb() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
        .findFirst()
        .orElse(0);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException hurried) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
