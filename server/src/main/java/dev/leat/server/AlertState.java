package dev.leat.server;

import dev.leat.alert.Alert;
import dev.leat.alert.Silence;
import dev.leat.event.Disk;
import dev.leat.event.JsonException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the open incidents and the silences over restarts: one small JSON file that is written
 * beside and renamed. For one thread.
 */
final class AlertState {
  private static final System.Logger LOG = System.getLogger(AlertState.class.getName());
  private static final String DIRECTORY = "alerts";
  private static final String NAME = DIRECTORY + "/state.json";
  private static final String NEW = DIRECTORY + "/state.json.new";
  private static final int MAX_BYTES = 16 << 20;

  private final Disk disk;

  /** What is kept. */
  record Kept(List<Alert> open, long nextAlert, List<Silence> silences, long nextSilence) {
    static final Kept NOTHING = new Kept(List.of(), 1, List.of(), 1);

    Kept {
      open = List.copyOf(open);
      silences = List.copyOf(silences);
    }
  }

  AlertState(Disk disk) {
    this.disk = disk;
  }

  /** What was kept last; nothing if it can't be read, which is logged. */
  Kept read() throws IOException {
    if (!disk.exists(NAME)) {
      return Kept.NOTHING;
    }
    try (Disk.File file = disk.open(NAME)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), MAX_BYTES));
      file.read(bytes, 0);
      byte[] text = new byte[bytes.flip().remaining()];
      bytes.get(text);
      return kept(Json.object(text));
    } catch (JsonException | IllegalArgumentException damaged) {
      LOG.log(Level.ERROR, "{0} is damaged; open alerts and silences are forgotten", NAME, damaged);
      return Kept.NOTHING;
    }
  }

  private static Kept kept(Map<String, @Nullable Object> object) {
    List<Alert> open = new ArrayList<>();
    Json.asList(object.get("open")).forEach(one -> open.add(AlertJson.alert(Json.asObject(one))));
    List<Silence> silences = new ArrayList<>();
    Json.asList(object.get("silences"))
        .forEach(one -> silences.add(AlertJson.silence(Json.asObject(one))));
    return new Kept(
        open,
        Json.asLong(object.get("nextAlert"), 1),
        silences,
        Json.asLong(object.get("nextSilence"), 1));
  }

  /** Keeps it; durable when this returns. */
  void write(Kept kept) throws IOException {
    byte[] text =
        JsonText.bytes(
            json -> {
              json.beginObject()
                  .field("nextAlert", kept.nextAlert())
                  .field("nextSilence", kept.nextSilence());
              json.name("open").beginArray();
              for (Alert alert : kept.open()) {
                AlertJson.write(json, alert);
              }
              json.endArray().name("silences").beginArray();
              for (Silence silence : kept.silences()) {
                AlertJson.write(json, silence);
              }
              json.endArray().endObject();
            });
    disk.createDirectories(DIRECTORY);
    disk.delete(NEW);
    try (Disk.File file = disk.open(NEW)) {
      file.write(ByteBuffer.wrap(text), 0);
      file.force();
    }
    disk.rename(NEW, NAME);
    disk.forceDirectory(DIRECTORY);
  }
}
