package dev.leat.store;

import dev.leat.event.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What the catalogue of a store says at one version, for whoever copies a store without asking it:
 * all that is committed are files that never change, and the catalogue names them. Immutable.
 */
public final class StoreCatalogue {
  /** The catalogue's file, below the store's directory. */
  public static final String FILE = Catalogue.NAME;

  /**
   * Where the files with rows are, below the store's directory; each has a name of its own for
   * good.
   */
  public static final String ROWS = FileWriter.ROOT;

  /** Reading while the store commits may meet half a record; the next look does not. */
  private static final int MAX_LOOKS = 100;

  private final CatalogueState state;

  private StoreCatalogue(CatalogueState state) {
    this.state = state;
  }

  /**
   * Reads the catalogue of a store, which may be at work.
   *
   * @param store whose root is the store's directory; it is only read
   * @throws IOException if there is none, or it is damaged; the message says what to do
   */
  public static StoreCatalogue read(Disk store) throws IOException {
    for (int look = 0; look < MAX_LOOKS; look++) {
      byte[] bytes = bytes(store);
      Journal.Contents contents = Journal.read(bytes);
      String foreign = Catalogue.foreign(bytes, contents);
      if (!foreign.isEmpty()) {
        throw new IOException(foreign);
      }
      // Of older versions only their positions are of interest here.
      Catalogue.Replay replay = Catalogue.replay(contents.payloads(), Integer.MAX_VALUE);
      CatalogueState found = replay.state();
      if (found != null && !replay.lost()) {
        return new StoreCatalogue(found);
      }
    }
    throw new IOException(
        "the catalogue %s is damaged, or of another Leat: start a server on the directory, which says what is lost and goes on without it"
            .formatted(FILE));
  }

  private static byte[] bytes(Disk store) throws IOException {
    if (!store.exists(FILE)) {
      throw new IOException("there is no catalogue %s: no Leat has run there yet".formatted(FILE));
    }
    try (Disk.File file = store.open(FILE)) {
      ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(file.size()));
      file.read(buffer, 0);
      return buffer.array();
    }
  }

  /**
   * The catalogue of a store without tables that begins at an offset.
   *
   * @param committed what a commit at that offset would have been given to keep
   */
  public static StoreCatalogue beginningAt(int partitions, long offset, byte[] committed) {
    CatalogueState empty = CatalogueState.empty(partitions);
    String text = Base64.getEncoder().encodeToString(committed);
    return new StoreCatalogue(
        new CatalogueState(
            empty.partitions(),
            empty.version(),
            List.of(new CatalogueState.Position(empty.version(), offset, text, 0, new TreeMap<>())),
            empty.tables()));
  }

  public int partitions() {
    return state.partitions();
  }

  public long version() {
    return state.version();
  }

  /** Where processing goes on: the first offset that is not stored. */
  public long nextOffset() {
    return state.position().next();
  }

  /** What the commit was given to keep beside the rows. */
  public byte[] committed() {
    return Base64.getDecoder().decode(state.position().state());
  }

  /** Where processing went on after an earlier version, as far as the catalogue remembers. */
  public OptionalLong nextOffsetAfter(long version) {
    return state.history().stream()
        .filter(position -> position.version() == version)
        .mapToLong(CatalogueState.Position::next)
        .findFirst();
  }

  /** The versions that {@link #nextOffsetAfter} knows, oldest first. */
  public List<Long> versions() {
    return state.history().stream().map(CatalogueState.Position::version).toList();
  }

  /** The files that all rows are in, below the store's directory. */
  public List<String> files() {
    return state.tables().values().stream()
        .flatMap(table -> table.present().stream())
        .map(DataFile::path)
        .toList();
  }

  /** How many rows each table has had, those that retention has removed included. */
  public Map<String, Long> rows() {
    Map<String, Long> rows = new TreeMap<>();
    state
        .tables()
        .forEach(
            (name, table) ->
                rows.put(
                    name,
                    table.expiredRows()
                        + table.present().stream().mapToLong(DataFile::rows).sum()));
    return rows;
  }

  /** The bytes of a catalogue file that knows this version and none before. */
  public byte[] encode() {
    TreeMap<String, CatalogueState.TableState> tables = new TreeMap<>();
    state
        .tables()
        .forEach(
            (name, table) ->
                tables.put(
                    name,
                    new CatalogueState.TableState(
                        table.spec(), table.fields(), table.present(), table.expiredRows())));
    CatalogueState alone =
        new CatalogueState(state.partitions(), state.version(), List.of(state.position()), tables);
    ByteBuffer record = Journal.record(CatalogueCodec.encode(alone));
    return ByteBuffer.allocate(Journal.MAGIC.length + record.remaining())
        .put(Journal.MAGIC)
        .put(record)
        .array();
  }
}
