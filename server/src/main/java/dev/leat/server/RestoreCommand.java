package dev.leat.server;

import dev.leat.query.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat restore}. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Make a data directory of a backup, and prove it: checks every file, processes the log to its"
          + " end, and compares what is there with what should be.",
      "Exits with 1, and leaves nothing behind, if the backup is not whole or the proof fails."
    },
    footer = {
      "",
      "  leat restore /mnt/other/2026-01-31 --data ./restored",
      "  leat restore --check /mnt/other/2026-01-31"
    })
final class RestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "BACKUP", description = "what leat backup made")
  private Path backup = Path.of("");

  @Option(names = "--data", paramLabel = "DIR", description = "where to; empty, or not there yet")
  private @Nullable Path data;

  @Option(names = "--check", description = "only prove it, in a directory that is removed again")
  private boolean check;

  @Option(
      names = "--in",
      paramLabel = "DIR",
      description = "where --check makes its directory; default ${DEFAULT-VALUE}",
      defaultValue = "${sys:java.io.tmpdir}")
  private Path in = Path.of("");

  @Mixin private ReportFormat format;

  @Override
  public Integer call() throws InterruptedException {
    Path target = data;
    if ((target == null) != check) {
      throw new ParameterException(spec.commandLine(), "Say either --data DIR or --check");
    }
    Progress progress = new Progress(format.err(), InstantSource.system());
    try {
      Restoration.Proof proof =
          target == null
              ? Restoration.check(backup, in, progress)
              : Restoration.restore(backup, target, progress);
      progress.clear();
      if (format.isJson()) {
        format.out().print(JsonText.of(json -> write(json, proof)));
      } else {
        print(format.out(), proof);
      }
      format.out().flush();
      return proof.holds() ? 0 : 1;
    } catch (IOException failed) {
      throw new CommandFailure("can't restore %s: %s".formatted(backup, failed), failed);
    } catch (IllegalStateException unreadable) {
      throw new CommandFailure(
          "can't restore %s: %s".formatted(backup, unreadable.getMessage()), unreadable);
    } finally {
      progress.clear();
    }
  }

  private void print(PrintWriter out, Restoration.Proof proof) {
    BackupManifest manifest = proof.manifest();
    out.printf(
        "The backup of %s, version %d: %,d files with %,.1f MB, all whole.%n",
        manifest.taken(), manifest.version(), manifest.files().size(), manifest.bytes() / 1e6);
    List<List<Object>> rows = new ArrayList<>();
    proof
        .rows()
        .forEach(
            (table, now) -> rows.add(List.of(table, manifest.rows().getOrDefault(table, 0L), now)));
    Table.of(List.of("table", "rows in its files", "with the log"), rows).print(out);
    var total = proof.balance().total();
    out.printf(
        "All events below position %,d are decided: %,d accepted = %,d stored + %,d duplicates + %,d dead letters + %,d filtered + %,d in flight.%n",
        proof.decided(),
        total.accepted(),
        total.stored(),
        total.duplicates(),
        total.deadLettered(),
        total.filtered(),
        total.inFlight());
    if (manifest.lost() > 0) {
      out.printf(
          "%,d events were lost from the log before the backup was made.%n", manifest.lost());
    }
    if (!proof.holds()) {
      out.println("It is not proven, and nothing was left behind:");
      proof.problems().forEach(problem -> out.println("  " + problem));
    } else if (data == null) {
      out.println("It is proven.");
    } else {
      out.printf(
          "It is proven. Go on with: leat serve --data %s, and the --config it was served with.%n",
          data);
    }
  }

  private static void write(JsonWriter json, Restoration.Proof proof) throws IOException {
    BackupManifest manifest = proof.manifest();
    json.beginObject()
        .field("proven", proof.holds())
        .field("taken", manifest.taken().toString())
        .field("version", manifest.version())
        .field("position", manifest.position())
        .field("end", manifest.end())
        .field("decided", proof.decided())
        .field("lost", proof.balance().lost())
        .field("accepted", proof.balance().total().accepted())
        .field("stored", proof.balance().total().stored())
        .field("duplicates", proof.balance().total().duplicates())
        .field("deadLettered", proof.balance().total().deadLettered())
        .field("filtered", proof.balance().total().filtered())
        .name("rows")
        .beginObject();
    for (var table : proof.rows().entrySet()) {
      json.field(table.getKey(), table.getValue());
    }
    json.endObject().name("problems").beginArray();
    for (String problem : proof.problems()) {
      json.value(problem);
    }
    json.endArray().endObject();
  }
}
