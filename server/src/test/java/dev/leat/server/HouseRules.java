package dev.leat.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The table of doors between the rooms and the banned calls, each with its reason. Adding a door or
 * an exception means editing this file, where it is seen.
 */
final class HouseRules {
  /** A call that must not be made. */
  record Ban(String owner, Set<String> methods, Set<String> allowedIn, String reason) {
    boolean matches(String owner, String method) {
      boolean same =
          this.owner.endsWith("*")
              ? owner.startsWith(this.owner.substring(0, this.owner.length() - 1))
              : owner.equals(this.owner);
      return same && (methods.isEmpty() || methods.contains(method));
    }
  }

  static final List<String> ROOMS =
      List.of(
          "event", "log", "collector", "pipeline", "alert", "store", "engine", "query", "server");

  /** Which rooms a room may see, besides itself. */
  static final Map<String, Set<String>> DOORS =
      Map.of(
          "event", Set.of(),
          "log", Set.of("event"),
          "collector", Set.of("event"),
          "pipeline", Set.of("event"),
          "alert", Set.of(),
          "store", Set.of("event"),
          "engine", Set.of("event", "pipeline"),
          "query", Set.of("event"),
          "server",
              Set.of("event", "log", "collector", "pipeline", "alert", "store", "engine", "query"));

  /** In which rooms a library lives. What is not named here lives nowhere. */
  static final Map<String, Set<String>> LIBRARIES =
      Map.of(
          "java/", Set.copyOf(ROOMS),
          "javax/", Set.of(),
          "jdk/incubator/", Set.of(),
          "org/jspecify/", Set.copyOf(ROOMS),
          "io/helidon/", Set.of("collector", "query", "server"),
          "org/duckdb/", Set.of("store"),
          "com/github/luben/zstd/", Set.of("collector", "log", "store", "server"),
          "org/snakeyaml/", Set.of("pipeline"),
          "com/sun/management/", Set.of("server"),
          "picocli/", Set.of("server"));

  static final Map<String, Set<String>> MORE_LIBRARIES =
      Map.of(
          "dev/cel/",
          Set.of("pipeline"),
          "dev/harrel/",
          Set.of("pipeline"),
          "com/google/common/",
          Set.of("pipeline"),
          "org/HdrHistogram/",
          Set.of("server"),
          "io/micrometer/",
          Set.of("server"),
          "io/opentelemetry/",
          Set.of("server"),
          "io/prometheus/",
          Set.of("server"),
          "org/slf4j/",
          Set.of(),
          "ch/qos/",
          Set.of());

  private static final Set<String> ANY = Set.of();
  private static final Set<String> NOWHERE = Set.of();
  private static final Set<String> SERVER = Set.of("server");
  private static final Set<String> THREADED = Set.of("event", "store", "server");

  private static final String CLOCK =
      "time is an argument (InstantSource); only server makes a real clock";
  private static final String CHANCE = "chance is an argument; only server makes real chance";
  private static final String UNBOUNDED = "distrust sizes: read at most so many bytes (readNBytes)";
  private static final String THREADS =
      "threads belong where order matters: log and engine ask Threads for them, so that they can be simulated; store and server have their own; others are called";
  private static final String FILES =
      "the pipeline is pure: the same log and definition give the same rows, wherever it runs; so is what judges values";

  static final List<Ban> BANS =
      List.of(
          new Ban("java/lang/System", Set.of("currentTimeMillis"), SERVER, CLOCK),
          new Ban("java/time/Instant", Set.of("now"), SERVER, CLOCK),
          new Ban("java/time/LocalDate", Set.of("now"), SERVER, CLOCK),
          new Ban("java/time/LocalDateTime", Set.of("now"), SERVER, CLOCK),
          new Ban("java/time/ZonedDateTime", Set.of("now"), SERVER, CLOCK),
          new Ban("java/time/OffsetDateTime", Set.of("now"), SERVER, CLOCK),
          new Ban(
              "java/time/Clock", Set.of("systemUTC", "systemDefaultZone", "system"), SERVER, CLOCK),
          new Ban("java/time/InstantSource", Set.of("system"), SERVER, CLOCK),
          // A deadline of a wait is no fact about events; the rooms that wait may look at it.
          new Ban("java/lang/System", Set.of("nanoTime"), THREADED, CLOCK),
          new Ban("java/util/Random", Set.of("<init>"), SERVER, CHANCE),
          new Ban("java/lang/Math", Set.of("random"), NOWHERE, CHANCE),
          new Ban("java/util/UUID", Set.of("randomUUID"), SERVER, CHANCE),
          new Ban("java/util/concurrent/ThreadLocalRandom", ANY, SERVER, CHANCE),
          // Epochs and names of files must differ between processes whatever a caller passes in.
          new Ban(
              "java/security/SecureRandom",
              Set.of("<init>"),
              Set.of("log", "store", "server"),
              CHANCE),
          new Ban(
              "java/lang/Thread",
              Set.of("<init>", "ofPlatform", "ofVirtual", "startVirtualThread"),
              THREADED,
              THREADS),
          new Ban(
              "java/util/concurrent/Executors", ANY, Set.of("store", "engine", "server"), THREADS),
          new Ban(
              "java/util/concurrent/locks/Condition",
              Set.of("awaitNanos"),
              THREADED,
              "waits with a limit go through Threads.await, so that they can be simulated"),
          new Ban("java/util/Timer", ANY, NOWHERE, THREADS),
          new Ban(
              "java/lang/Thread", Set.of("sleep"), SERVER, "wait for a condition, not for a while"),
          new Ban("java/io/InputStream", Set.of("readAllBytes"), NOWHERE, UNBOUNDED),
          new Ban(
              "java/nio/file/Files",
              Set.of("readAllBytes", "readString", "readAllLines", "lines"),
              NOWHERE,
              UNBOUNDED),
          new Ban(
              "java/net/http/HttpResponse$BodyHandlers",
              Set.of("ofString", "ofByteArray"),
              NOWHERE,
              UNBOUNDED),
          new Ban("java/lang/System", Set.of("exit"), NOWHERE, "only Main ends the process"),
          new Ban(
              "java/lang/Throwable", Set.of("printStackTrace"), NOWHERE, "log it, or hand it on"),
          new Ban(
              "java/io/File", ANY, NOWHERE, "use java.nio.file, which says why something failed"));

  /** What the pure rooms may not touch at all. */
  static final List<Ban> PURE =
      List.of(
          new Ban("java/nio/file/Files", ANY, NOWHERE, FILES),
          new Ban("java/nio/channels/*", ANY, NOWHERE, FILES),
          new Ban("java/io/File*", ANY, NOWHERE, FILES),
          new Ban("java/net/*", ANY, NOWHERE, FILES),
          new Ban(
              "java/lang/System",
              Set.of("getLogger", "nanoTime", "getenv", "getProperty"),
              NOWHERE,
              FILES),
          new Ban("java/lang/System$Logger", ANY, NOWHERE, FILES),
          new Ban("java/lang/Thread", ANY, NOWHERE, FILES));

  /** Calls that are right although they are banned, each with its reason. */
  static final Map<String, String> EXCEPTIONS =
      Map.of(
          "dev/leat/server/Main uses java/lang/System.exit", "the one place",
          "dev/leat/pipeline/SchemaLibrary uses java/net/URI", "a name, which nobody opens",
          "dev/leat/pipeline/SchemaLibrary uses java/net/URI.create", "a name, which nobody opens",
          "dev/leat/store/SqlFunctions uses java/io/InputStream.readAllBytes",
              "a list in its own jar",
          "dev/leat/store/NativeMemory uses java/nio/file/Files.readString",
              "a line that the kernel writes");

  private HouseRules() {}

  /** What is wrong with a reference from a class of a room to a member of another class. */
  static List<String> broken(String room, String from, String owner, String method) {
    List<String> broken = new ArrayList<>();
    String what = method.isEmpty() ? owner : owner + "." + method;
    if (!mayKnow(room, owner)) {
      broken.add("%s: %s must not know %s".formatted(from, room, owner));
    }
    List<Ban> bans = new ArrayList<>(BANS);
    if (room.equals("pipeline") || room.equals("alert")) {
      bans.addAll(PURE);
    }
    boolean right = EXCEPTIONS.containsKey(from + " uses " + what);
    for (Ban ban : bans) {
      if (ban.matches(owner, method) && !ban.allowedIn().contains(room) && !right) {
        broken.add("%s uses %s: %s".formatted(from, what, ban.reason()));
      }
    }
    return broken;
  }

  private static boolean mayKnow(String room, String owner) {
    if (owner.startsWith("dev/leat/")) {
      String other = owner.split("/", -1)[2];
      return other.equals(room) || DOORS.getOrDefault(room, Set.of()).contains(other);
    }
    for (Map<String, Set<String>> libraries : List.of(LIBRARIES, MORE_LIBRARIES)) {
      for (Map.Entry<String, Set<String>> library : libraries.entrySet()) {
        if (owner.startsWith(library.getKey())) {
          return library.getValue().contains(room);
        }
      }
    }
    return false;
  }
}
