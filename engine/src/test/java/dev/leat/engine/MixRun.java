package dev.leat.engine;

import dev.leat.event.EventBatch;
import dev.leat.event.EventDraft;
import dev.leat.event.EventLog;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A log of a random mix of events, and what should become of each. */
final class MixRun {
  final MemoryLog log = new MemoryLog();
  final ReferenceModel model = new ReferenceModel();
  private final RandomGenerator chance;
  private final RandomMix mix;

  /** A record of a batch, and what it means for the model. */
  private record Entry(
      EventDraft draft,
      @Nullable MixDefinition define,
      @Nullable MixEvent event,
      long deadLetter) {}

  MixRun(RandomGenerator chance) {
    this.chance = chance;
    this.mix = new RandomMix(chance);
  }

  /** The engine writes a definition into the log itself; to be called before it does. */
  void willDefine(MixDefinition definition) {
    model.define(definition);
  }

  /** Writes a definition into the log. */
  void define(MixDefinition definition) {
    append(List.of(definition(definition)));
  }

  /** Appends a batch of events; at times there are dead letters or another definition in it. */
  void send() {
    List<Entry> entries = new ArrayList<>();
    List<Long> letters = new ArrayList<>(model.open.keySet());
    for (int left = 1 + chance.nextInt(12); left > 0; left--) {
      if (!letters.isEmpty() && chance.nextInt(12) == 0) {
        resend(letters.remove(chance.nextInt(letters.size())), entries);
      } else if (chance.nextInt(60) == 0) {
        entries.add(definition(other()));
      } else {
        entries.add(event(mix.draw(), -1));
      }
    }
    append(entries);
  }

  MixDefinition other() {
    return chance.nextBoolean() ? MixDefinition.FIRST : MixDefinition.SECOND;
  }

  private void resend(long offset, List<Entry> entries) {
    ReferenceModel.Letter letter = java.util.Objects.requireNonNull(model.open.get(offset));
    EventDraft record = new EventDraft();
    new ControlRecord.Resend(7, offset, letter.attempt() + 1, letter.stream()).write(record, 1);
    entries.add(new Entry(record, null, null, -1));
    entries.add(event(mix.repaired(letter.event()), offset));
  }

  private static Entry definition(MixDefinition definition) {
    EventDraft draft = new EventDraft();
    new ControlRecord.Define(definition.bytes()).write(draft, 1);
    return new Entry(draft, definition, null, -1);
  }

  private static Entry event(MixEvent event, long deadLetter) {
    EventDraft draft = new EventDraft();
    event.write(draft);
    return new Entry(draft, null, event, deadLetter);
  }

  private void append(List<Entry> entries) {
    EventBatch.Writer writer = new EventBatch.Writer(1 << 10);
    entries.forEach(entry -> writer.add(entry.draft()));
    long offset = ((EventLog.Append.Kept) log.append(writer.batch())).firstOffset();
    for (Entry entry : entries) {
      if (entry.event() != null) {
        model.event(offset, entry.event(), entry.deadLetter());
      } else if (entry.define() != null) {
        model.define(entry.define());
      } else {
        model.control();
      }
      offset++;
    }
  }
}
