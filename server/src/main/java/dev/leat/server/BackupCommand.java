package dev.leat.server;

import dev.leat.query.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leat backup}. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = {
      "Take a consistent copy of a data directory, whether or not a server is at work there.",
      "Holds every event that was answered before it began. Where the target is on the same file"
          + " system, files that never change are linked and take no room: copy the directory to"
          + " another disk, or take the backup there, to be safe from the loss of this one."
    },
    footer = {"", "  leat backup /mnt/other/2026-01-31 --data ./data"})
final class BackupCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "where to; empty, or not there yet")
  private Path directory = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description = "the data directory; default ${DEFAULT-VALUE}",
      defaultValue = "./data")
  private Path data = Path.of("");

  @Option(names = "--copy", description = "copy files also where links would do")
  private boolean copy;

  @Mixin private ReportFormat format;

  @Override
  public Integer call() {
    Progress progress = new Progress(format.err(), InstantSource.system());
    try {
      DataBackup.Taken taken =
          DataBackup.take(data, directory, copy, progress, InstantSource.system());
      if (format.isJson()) {
        format.out().print(JsonText.of(json -> write(json, taken)));
      } else {
        print(format.out(), taken);
      }
      format.out().flush();
      return 0;
    } catch (IOException failed) {
      throw new CommandFailure(
          "the backup is not whole (%s): remove %s and try again".formatted(failed, directory),
          failed);
    } catch (IllegalStateException unreadable) {
      throw new CommandFailure(
          "%s can't be read: %s".formatted(data, unreadable.getMessage()), unreadable);
    } finally {
      progress.clear();
    }
  }

  private void print(PrintWriter out, DataBackup.Taken taken) {
    BackupManifest manifest = taken.manifest();
    out.printf(
        "%s holds all events below position %,d: version %d of the store up to %,d, the log from there on.%n",
        directory, manifest.end(), manifest.version(), manifest.position());
    out.printf(
        "%,d files, %,.1f MB, %s.%n",
        manifest.files().size(), manifest.bytes() / 1e6, how(taken.way()));
    if (manifest.lost() > 0) {
      out.printf(
          "%,d events could not be read from the log any more; they are missing here too.%n",
          manifest.lost());
    }
    out.printf("Prove it with: leat restore --check %s%n", directory);
  }

  private static String how(HeldFiles.Way way) {
    return switch (way) {
      case LINK -> "those that never change as links";
      case HOLD, COPY -> "all of them copies";
    };
  }

  private void write(JsonWriter json, DataBackup.Taken taken) throws IOException {
    BackupManifest manifest = taken.manifest();
    json.beginObject()
        .field("directory", directory.toString())
        .field("version", manifest.version())
        .field("position", manifest.position())
        .field("end", manifest.end())
        .field("lost", manifest.lost())
        .field("files", manifest.files().size())
        .field("bytes", manifest.bytes())
        .field("linked", taken.way() == HeldFiles.Way.LINK)
        .field("taken", manifest.taken().toString())
        .endObject();
  }
}
