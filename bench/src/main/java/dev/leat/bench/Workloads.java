package dev.leat.bench;

import dev.leat.bench.ShopOracle.Checks;
import dev.leat.server.ShopPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The comparisons there are. */
final class Workloads {
  private static final int SLOTS = 50_000;
  private static final int WIDE_SLOTS = 20_000;
  private static final int NOTE_BYTES = 1_480; // makes an event 2 KiB
  private static final int BATCH = 500;
  private static final int LANES = 8;
  private static final int SINGLE_LANES = 64;

  /** About 70 % of what a machine of two cores decides. */
  private static final double QUERIED_RATE = 120_000;

  /** How fast the clocks of the events run: by their own time so many happen in a second. */
  private static final double NOMINAL_PER_SECOND = 100_000;

  private static final double SINGLE_NOMINAL_PER_SECOND = 25_000;

  private final Path home;

  Workloads(Path home) {
    this.home = home;
  }

  Workload shop() {
    return new Workload(
        "shop",
        "Orders of about 550 bytes, in requests of 500 over 8 connections: schema, two rules, dedup"
            + " of 24 hours, a lookup, five windows, every field a column that can be queried.",
        LANES,
        20_000,
        List.of(leat(), flink(false), flink(true), streams(), questDb()),
        base -> new ShopStream(slots(0), BATCH, base, NOMINAL_PER_SECOND));
  }

  Workload single() {
    return new Workload(
        "single",
        "The same orders, one in each request, over 64 connections.",
        SINGLE_LANES,
        5_000,
        List.of(leat(), helidon()),
        base -> new ShopStream(slots(0), 1, base, SINGLE_NOMINAL_PER_SECOND));
  }

  Workload wide() {
    return new Workload(
        "wide",
        "The same orders with a note, 2 KiB each, in requests of 500 over 8 connections.",
        LANES,
        10_000,
        List.of(leatWide(), flink(false), kafkaLog(true), kafkaLog(false), helidon()),
        base ->
            new ShopStream(
                new OrderSlots(WIDE_SLOTS, NOTE_BYTES, ShopStream.SEED),
                BATCH,
                base,
                NOMINAL_PER_SECOND));
  }

  Workload flights(Path parquet, Path airports) {
    return new Workload(
        "flights",
        "3,000,000 real flights of 2001, each once, in requests of 500 over 8 connections; the"
            + " definition is examples/flights.",
        LANES,
        0,
        List.of(
            new Candidate(
                "leat",
                "Leat",
                "",
                null,
                true,
                () -> new LeatSubject(home, into -> flightDefinition(into, airports), false)),
            helidon()),
        _ -> FlightStream.read(parquet, BATCH));
  }

  Workload queries() {
    return new Workload(
        "queries",
        "The shop on a schedule at 70 % of its full rate, with and without somebody who asks one"
            + " question after another: the newest windows by country, and the rows of a minute by"
            + " country.",
        LANES,
        QUERIED_RATE,
        List.of(
            leat(),
            new Candidate(
                "leat-asked",
                "Leat, asked all the time",
                "",
                Checks.DEDUP_THEN_CHECK,
                true,
                () -> new AskedLeat(home))),
        base -> new ShopStream(slots(0), BATCH, base, NOMINAL_PER_SECOND));
  }

  Workload logs() {
    return new Workload(
        "logs",
        "Orders of about 550 bytes that are kept or only answered, and nothing else.",
        LANES,
        50_000,
        List.of(
            new Candidate(
                "leat-acks",
                "Leat, until it has acknowledged",
                "Acknowledges what is parsed, checked and on disk. It does the whole work besides, on"
                    + " what is left of the machine, and is not waited for.",
                null,
                false,
                () -> new AcknowledgingLeat(home)),
            new Candidate(
                "leat-log",
                "Leat's log alone",
                "Keeps each request as it came, behind the same web server; nothing is parsed or decided.",
                null,
                false,
                () -> DoorSubject.keeping(home)),
            kafkaLog(false),
            kafkaLog(true),
            helidon()),
        base -> new ShopStream(slots(0), BATCH, base, NOMINAL_PER_SECOND));
  }

  private static OrderSlots slots(int noteBytes) {
    return new OrderSlots(SLOTS, noteBytes, ShopStream.SEED);
  }

  private Candidate leat() {
    return new Candidate(
        "leat",
        "Leat",
        "",
        Checks.DEDUP_THEN_CHECK,
        true,
        () -> new LeatSubject(home, ShopPipeline::write, true));
  }

  private Candidate leatWide() {
    return new Candidate(
        "leat",
        "Leat",
        "",
        Checks.DEDUP_THEN_CHECK,
        true,
        () -> new LeatSubject(home, Workloads::wideDefinition, true));
  }

  private Candidate flink(boolean fsync) {
    return new Candidate(
        fsync ? "kafka-flink-fsync" : "kafka-flink",
        fsync ? "Kafka (fsync) and Flink" : "Kafka and Flink",
        (fsync ? "" : "Acknowledges before anything is on disk. ")
            + "No HTTP in front: the generator is a producer. Rows are Parquet files that appear with"
            + " each checkpoint, not committed in two phases; until then no query sees them."
            + " Ids of 24 hours are held on the heap, which no day's worth fits into."
            + " Refused events are counted with their reason, not kept.",
        Checks.CHECK_THEN_DEDUP,
        true,
        () -> new FlinkSubject(home, fsync));
  }

  private Candidate streams() {
    return new Candidate(
        "kafka-streams",
        "Kafka Streams",
        "Acknowledges before anything is on disk. No HTTP in front. Rules, dedup by partition and"
            + " without an end, window 1 only; no schema, no lookup, no rows.",
        Checks.CHECK_THEN_DEDUP,
        true,
        () -> new StreamsSubject(home));
  }

  private Candidate questDb() {
    return new Candidate(
        "questdb",
        "QuestDB",
        "Acknowledges before anything is on disk. Events are parsed by the client, which sends typed"
            + " rows. No schema or rules (the client leaves out what has no number), no lookup,"
            + " window 1 only (a materialised view).",
        Checks.SCHEMA_ONLY,
        true,
        () -> new QuestDbSubject(home));
  }

  private Candidate helidon() {
    return new Candidate(
        "helidon",
        "Helidon, answering only",
        "Reads the body and answers 202; nothing is parsed, kept or decided.",
        null,
        false,
        () -> DoorSubject.answering(home));
  }

  private Candidate kafkaLog(boolean fsync) {
    return new Candidate(
        fsync ? "kafka-log-fsync" : "kafka-log",
        fsync ? "Kafka's log alone (fsync)" : "Kafka's log alone",
        (fsync ? "" : "Acknowledges before anything is on disk. ")
            + "Keeps what the client has compressed; nothing is parsed or decided.",
        null,
        false,
        () -> new KafkaLogSubject(home, fsync));
  }

  /** The shop's definition with one more field in its schema. */
  private static Path wideDefinition(Path directory) throws IOException {
    Path file = ShopPipeline.write(directory);
    Path schema = directory.resolve("order.json");
    String text = Files.readString(schema);
    Files.writeString(
        schema, text.replace("\"lon\":", "\"note\": {\"type\": \"string\"}, \"lon\":"));
    return file;
  }

  private Path flightDefinition(Path directory, Path airports) throws IOException {
    Path example = home.resolve("examples/flights");
    Files.createDirectories(directory.resolve("schemas"));
    Files.copy(example.resolve("schemas/flight.json"), directory.resolve("schemas/flight.json"));
    Files.copy(airports, directory.resolve("airports.csv"));
    return Files.copy(example.resolve("leat.yaml"), directory.resolve("leat.yaml"));
  }
}
