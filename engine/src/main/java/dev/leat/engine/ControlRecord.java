package dev.leat.engine;

import dev.leat.event.DataFormat;
import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.EventLayout;
import dev.leat.event.Replay;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What Leat itself writes into the log to steer the processing of what follows. It stands among the
 * events, so that a replay of the log meets it at the same place.
 */
sealed interface ControlRecord {
  /** From here on events are decided on under this definition. */
  @SuppressWarnings("ArrayRecordComponent") // Opaque bytes, compared by nobody.
  record Define(byte[] definition) implements ControlRecord {}

  /** A job that sends dead letters again begins. */
  record BeginReplay(long job, Replay.Request request, long matched) implements ControlRecord {}

  /** The event after this one, in the same batch, is a dead letter sent again. */
  record Resend(long job, long deadLetter, int attempt, String stream) implements ControlRecord {}

  /** The job has ended. */
  record EndReplay(long job, Replay.State state, String detail) implements ControlRecord {}

  /** So late it is, although nothing came. */
  record Tick() implements ControlRecord {}

  /** One that was taken back when the log was copied for another view: it says nothing. */
  record Withdrawn() implements ControlRecord {}

  /** The record as an event draft; the draft is cleared before. */
  default void write(EventDraft draft, long nowMicros) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writeData(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    draft.clear();
    draft.kind = EventLayout.KIND_CONTROL;
    draft.id.set("control");
    draft.source.set("leat:");
    draft.type.set(Type.of(this).label);
    draft.data.set(bytes.toByteArray());
    draft.dataFormat = DataFormat.BINARY;
    draft.timeMicros = nowMicros;
    draft.receivedMicros = nowMicros;
  }

  /** The record as a batch of its own. */
  default EventBatch batch(long nowMicros) {
    EventDraft draft = new EventDraft();
    write(draft, nowMicros);
    EventBatch.Writer writer = new EventBatch.Writer(1 << 10);
    writer.add(draft);
    return writer.batch();
  }

  private void writeData(DataOutputStream out) throws IOException {
    switch (this) {
      case Define define -> out.write(define.definition());
      case BeginReplay begin -> {
        out.writeLong(begin.job());
        ReplayCodec.write(out, begin.request());
        out.writeLong(begin.matched());
      }
      case Resend resend -> {
        out.writeLong(resend.job());
        out.writeLong(resend.deadLetter());
        out.writeInt(resend.attempt());
        out.writeUTF(resend.stream());
      }
      case EndReplay end -> {
        out.writeLong(end.job());
        out.writeUTF(end.state().name());
        ReplayCodec.writeText(out, end.detail());
      }
      case Tick _, Withdrawn _ -> {} // The time of its reception is all it says.
    }
  }

  /**
   * The record the cursor stands on.
   *
   * @throws IllegalStateException if a newer program wrote it
   */
  static ControlRecord read(EventCursor event) {
    String type =
        new String(event.bytes(), event.typeAt(), event.typeLength(), StandardCharsets.UTF_8);
    byte[] data =
        Arrays.copyOfRange(event.bytes(), event.dataAt(), event.dataAt() + event.dataLength());
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(data))) {
      return switch (Type.of(type)) {
        case DEFINE -> new Define(data);
        case BEGIN_REPLAY ->
            new BeginReplay(in.readLong(), ReplayCodec.readRequest(in), in.readLong());
        case RESEND -> new Resend(in.readLong(), in.readLong(), in.readInt(), in.readUTF());
        case END_REPLAY ->
            new EndReplay(
                in.readLong(), Replay.State.valueOf(in.readUTF()), ReplayCodec.readText(in));
        case TICK -> new Tick();
        case WITHDRAWN -> new Withdrawn();
      };
    } catch (IOException broken) {
      throw new IllegalStateException(
          "a control record of type %s is cut short".formatted(type), broken);
    }
  }

  /** How the log names them. */
  enum Type {
    DEFINE("leat.definition"),
    BEGIN_REPLAY("leat.replay.begin"),
    RESEND("leat.replay.event"),
    END_REPLAY("leat.replay.end"),
    TICK("leat.tick"),

    /** Any of the others, under {@link #WITHDRAWN_PREFIX} instead of {@link #PREFIX}. */
    WITHDRAWN("void.");

    static final String PREFIX = "leat.";

    /** As long as the other, so that a record is withdrawn where it stands. */
    static final String WITHDRAWN_PREFIX = "void.";

    private final String label;

    Type(String label) {
      this.label = label;
    }

    private static Type of(ControlRecord record) {
      return switch (record) {
        case Define _ -> DEFINE;
        case BeginReplay _ -> BEGIN_REPLAY;
        case Resend _ -> RESEND;
        case EndReplay _ -> END_REPLAY;
        case Tick _ -> TICK;
        case Withdrawn _ -> WITHDRAWN;
      };
    }

    static Type of(String label) {
      if (label.startsWith(WITHDRAWN_PREFIX)) {
        return WITHDRAWN;
      }
      for (Type type : values()) {
        if (type.label.equals(label)) {
          return type;
        }
      }
      throw new IllegalStateException(
          "the log holds a control record of type %s, which this version does not know: run the newer one"
              .formatted(label));
    }
  }
}
