package dev.leat.engine;

import dev.leat.event.DataSchema;
import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.EventStore;
import dev.leat.event.KeyRule;
import dev.leat.event.Replay.Outcome;
import dev.leat.pipeline.DataPatch;
import dev.leat.pipeline.Memory;
import dev.leat.pipeline.Plan;
import dev.leat.pipeline.Processor;
import dev.leat.pipeline.Resent;
import dev.leat.pipeline.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides on events as they would be decided on now, and leaves no trace: rows go to chunks that
 * nobody sees, fields to copies of the schemas, and what would be remembered to an overlay. For one
 * thread, the worker's, since it reads the memory.
 */
final class DryRun {
  private final Processor processor;
  private final Repair repair;
  private final KeyRule keys;
  private final long nowMicros;
  private final Map<List<@Nullable String>, Count> outcomes = new LinkedHashMap<>();
  private final EventDraft draft = new EventDraft();
  private final EventBatch.Writer writer = new EventBatch.Writer(1 << 12);
  private long nextOffset;

  private static final class Count {
    private long events;
    private String sample = "";
  }

  DryRun(
      Plan plan,
      long version,
      EventStore store,
      Memory memory,
      int partitions,
      @Nullable DataPatch patch,
      long nextOffset,
      long nowMicros) {
    Map<String, DataSchema> schemas = new HashMap<>();
    this.processor =
        plan.processor(
            table -> schemas.computeIfAbsent(table, name -> copy(store, name)),
            new DiscardingIntake(),
            new Overlay(memory),
            null,
            partitions,
            version);
    this.repair = new Repair(patch);
    this.keys = plan.keys();
    this.nextOffset = nextOffset;
    this.nowMicros = nowMicros;
  }

  private static DataSchema copy(EventStore store, String table) {
    DataSchema copy = DataSchema.of(store.schema(table).entries());
    boolean declared =
        store.tables().stream().anyMatch(spec -> spec.name().equals(table) && spec.declared());
    copy.setClosed(declared);
    return copy;
  }

  /** What would happen to these dead letters. */
  void decide(List<DeadLetter> letters) {
    for (DeadLetter letter : letters) {
      decide(letter);
    }
  }

  private void decide(DeadLetter letter) {
    String wrong = repair.write(letter, draft, keys, nowMicros);
    if (wrong != null) {
      count("not-patched", letter.stream(), wrong, letter);
      return;
    }
    EventCursor event = cursor();
    Verdict verdict =
        processor.process(event, nextOffset++, new Resent(letter.offset(), letter.attempt() + 1));
    count(
        verdict.name().toLowerCase(Locale.ROOT).replace('_', '-'),
        processor.stream(),
        switch (verdict) {
          case STORED -> null;
          case DUPLICATE -> "a copy of an event before";
          case DEAD_LETTERED, FILTERED -> processor.reason();
        },
        letter);
  }

  private EventCursor cursor() {
    writer.clear();
    writer.add(draft);
    EventCursor event = new EventCursor();
    event.reset(writer.batch());
    event.next();
    return event;
  }

  private void count(
      String verdict, @Nullable String stream, @Nullable String reason, DeadLetter letter) {
    List<@Nullable String> key = new ArrayList<>();
    key.add(verdict);
    key.add(stream);
    key.add(reason);
    Count count = outcomes.computeIfAbsent(key, _ -> new Count());
    if (count.events++ == 0) {
      count.sample = "%d (%s)".formatted(letter.offset(), letter.row().text("id"));
    }
  }

  List<Outcome> outcomes() {
    List<Outcome> all = new ArrayList<>();
    outcomes.forEach(
        (key, count) ->
            all.add(
                new Outcome(
                    String.valueOf(key.get(0)),
                    key.get(1),
                    key.get(2),
                    count.events,
                    count.sample)));
    return all;
  }

  /** What would be remembered, in front of what is. */
  private record Overlay(Memory below) implements Memory {
    @Override
    public Seen seen(String stream, Duration window) {
      Seen known = below.seen(stream, window);
      Map<List<String>, Long> added = new HashMap<>();
      return new Seen() {
        @Override
        public long first(byte[] bytes, int sourceAt, int sourceLength, int idAt, int idLength) {
          Long position = added.get(key(bytes, sourceAt, sourceLength, idAt, idLength));
          return position == null
              ? known.first(bytes, sourceAt, sourceLength, idAt, idLength)
              : position;
        }

        @Override
        public void add(
            byte[] bytes, int sourceAt, int sourceLength, int idAt, int idLength, long position) {
          added.putIfAbsent(key(bytes, sourceAt, sourceLength, idAt, idLength), position);
        }
      };
    }

    @Override
    public Versions versions(String stream) {
      Versions known = below.versions(stream);
      Map<String, Long> set = new HashMap<>();
      return new Versions() {
        @Override
        public long of(byte[] bytes, int keyAt, int keyLength) {
          Long version = set.get(text(bytes, keyAt, keyLength));
          return version == null ? known.of(bytes, keyAt, keyLength) : version;
        }

        @Override
        public void set(byte[] bytes, int keyAt, int keyLength, long version, long position) {
          set.put(text(bytes, keyAt, keyLength), version);
        }
      };
    }

    @Override
    public void advance(long receivedMicros) {
      // Time stands still in a dry run.
    }

    private static List<String> key(
        byte[] bytes, int sourceAt, int sourceLength, int idAt, int idLength) {
      return List.of(text(bytes, sourceAt, sourceLength), text(bytes, idAt, idLength));
    }

    /** One character for each byte, so that what is not UTF-8 stays apart as well. */
    private static String text(byte[] bytes, int at, int length) {
      return new String(bytes, at, length, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
  }
}
