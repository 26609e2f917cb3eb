package dev.leat.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Kafka keeps, and a Flink cluster of one JobManager and one TaskManager with two slots does the
 * whole work, with a checkpoint every ten seconds and state on the heap.
 */
final class FlinkSubject extends KafkaSubject {
  private static final int PARTITIONS = 2;
  private static final String RESULTS = "results";
  private static final List<String> OPTIONS =
      List.of(
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Duser.timezone=UTC");

  private final Http http = new Http();
  private Path rows = Path.of("rows");

  FlinkSubject(Path home, boolean fsync) {
    super(home, fsync);
  }

  @Override
  public void start(Path directory) throws IOException, InterruptedException {
    KafkaBroker kafka = startBroker(directory.resolve("kafka"), PARTITIONS);
    kafka.create(RESULTS, 1);
    rows = directory.resolve("rows");
    Path products = Products.write(directory.resolve("definition"));
    int rest = Daemon.freePort();
    Path conf = configure(directory, rest);
    String jars = Jars.of(home(), "flink");
    Daemon jobManager =
        add(
            Daemon.start(
                "jobmanager",
                directory,
                java(
                    List.of("-Xmx512m"),
                    jars,
                    "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint",
                    List.of(
                        "--configDir",
                        conf.toString(),
                        "--job-classname",
                        "dev.leat.bench.flink.ShopJob",
                        kafka.address(),
                        products.toString(),
                        rows.toString()))));
    add(
        Daemon.start(
            "taskmanager",
            directory,
            java(
                List.of("-Xms6g", "-Xmx6g", "-XX:MaxDirectMemorySize=1g"),
                jars,
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                List.of("--configDir", conf.toString()))));
    URI jobs = URI.create("http://127.0.0.1:%d/jobs/overview".formatted(rest));
    jobManager.await("runs its tasks", () -> runs(jobs));
    open(false);
  }

  private static List<String> java(
      List<String> memory, String jars, String main, List<String> args) {
    List<String> options = new ArrayList<>(OPTIONS);
    options.addAll(memory);
    return Daemon.java(options, jars, main, args);
  }

  private boolean runs(URI jobs) {
    try {
      String overview = http.get(jobs);
      return overview.contains("\"state\":\"RUNNING\"")
          && Http.number(overview, "running") == Http.number(overview, "total");
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Path configure(Path directory, int rest) throws IOException {
    Path conf = Files.createDirectories(directory.resolve("conf"));
    Files.writeString(
        conf.resolve("config.yaml"),
        """
        jobmanager.rpc.address: 127.0.0.1
        jobmanager.rpc.port: %d
        jobmanager.bind-host: 127.0.0.1
        jobmanager.memory.process.size: 1024m
        rest.address: 127.0.0.1
        rest.bind-address: 127.0.0.1
        rest.port: %d
        blob.server.port: %d
        taskmanager.host: 127.0.0.1
        taskmanager.bind-host: 127.0.0.1
        taskmanager.rpc.port: %d
        taskmanager.data.port: %d
        taskmanager.numberOfTaskSlots: 2
        taskmanager.cpu.cores: 2
        taskmanager.memory.framework.heap.size: 128m
        taskmanager.memory.framework.off-heap.size: 128m
        taskmanager.memory.task.heap.size: 5900m
        taskmanager.memory.task.off-heap.size: 512m
        taskmanager.memory.managed.size: 0m
        taskmanager.memory.network.min: 256m
        taskmanager.memory.network.max: 256m
        taskmanager.memory.jvm-metaspace.size: 256m
        taskmanager.memory.jvm-overhead.min: 512m
        taskmanager.memory.jvm-overhead.max: 512m
        parallelism.default: 2
        pipeline.object-reuse: true
        state.backend.type: hashmap
        execution.checkpointing.interval: 10s
        execution.checkpointing.mode: EXACTLY_ONCE
        execution.checkpointing.dir: %s
        execution.checkpointing.num-retained: 1
        io.tmp.dirs: %s
        """
            .formatted(
                Daemon.freePort(),
                rest,
                Daemon.freePort(),
                Daemon.freePort(),
                Daemon.freePort(),
                directory.resolve("checkpoints").toUri(),
                Files.createDirectories(directory.resolve("tmp"))));
    return conf;
  }

  /** Offsets are committed when a checkpoint is complete, and so are rows and results. */
  @Override
  public long decided(long acked) throws IOException, InterruptedException {
    return broker().committed("shop");
  }

  @Override
  public Results results(long closedBy) throws IOException, InterruptedException {
    ResultLines lines = lines(RESULTS);
    long count = 0;
    Map<String, Long> byCountry = new TreeMap<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT country, count(*), sum(amount) FROM read_parquet('%s/*.parquet') GROUP BY 1"
                    .formatted(rows))) {
      while (found.next()) {
        count += found.getLong(2);
        byCountry.put(found.getString(1), Math.round(found.getDouble(3) * 100));
      }
    } catch (SQLException unreadable) {
      throw new IOException("the rows can't be read", unreadable);
    }
    return new Results(
        count,
        byCountry,
        lines.duplicates(),
        lines.refused(),
        Results.closed(lines.cells("w1"), closedBy),
        Results.closed(lines.cells("w2"), closedBy),
        Results.closed(lines.cells("w3"), closedBy));
  }

  @Override
  public long bytesAtRest() throws IOException {
    try (Stream<Path> files = Files.list(rows)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Override
  public void close() {
    super.close();
    http.close();
  }
}
