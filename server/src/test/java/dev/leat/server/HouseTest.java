package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds every compiled class of every room against {@link HouseRules}. */
class HouseTest {
  /** A class of each room, to find where its compiled classes are. */
  private static final Map<String, Class<?>> ROOMS =
      Map.of(
          "event", dev.leat.event.EventLog.class,
          "log", dev.leat.log.SegmentedLog.class,
          "collector", dev.leat.collector.Collector.class,
          "pipeline", dev.leat.pipeline.Definition.class,
          "alert", dev.leat.alert.Detector.class,
          "store", dev.leat.store.DuckStore.class,
          "engine", dev.leat.engine.Engine.class,
          "query", dev.leat.query.QueryService.class,
          "server", House.class);

  @Test
  void everyRoomIsLookedAt() {
    assertEquals(new TreeSet<>(HouseRules.ROOMS), new TreeSet<>(ROOMS.keySet()));
    assertEquals(new TreeSet<>(HouseRules.ROOMS), new TreeSet<>(HouseRules.DOORS.keySet()));
  }

  @Test
  void noRoomSeesMoreThanItsDoorsAndNobodyMakesABannedCall() throws Exception {
    TreeSet<String> broken = new TreeSet<>();
    for (String room : HouseRules.ROOMS) {
      List<byte[]> classes = classes(ROOMS.get(room));
      assertFalse(classes.isEmpty(), "no classes found of " + room);
      for (byte[] bytes : classes) {
        broken.addAll(broken(room, bytes));
      }
    }
    assertTrue(broken.isEmpty(), () -> String.join("\n", broken));
  }

  @Test
  void aPlantedClassIsFound() throws Exception {
    byte[] planted;
    try (InputStream in = HouseTest.class.getResourceAsStream("HouseTest$Planted.class")) {
      planted = in.readNBytes(1 << 20);
    }
    String asPipeline = String.join("\n", broken("pipeline", planted));
    for (String part :
        List.of(
            "java/time/Instant.now: time is an argument",
            "java/util/UUID.randomUUID: chance is an argument",
            "java/lang/Thread.sleep",
            "java/nio/file/Files.readAllBytes",
            "java/lang/System.exit: only Main",
            "pipeline must not know picocli/CommandLine",
            "pipeline must not know dev/leat/store/DuckStore")) {
      assertTrue(asPipeline.contains(part), () -> part + " not found in\n" + asPipeline);
    }
    String asServer = String.join("\n", broken("server", planted));
    assertFalse(asServer.contains("Instant.now"), asServer);
    assertTrue(asServer.contains("System.exit"), asServer);
  }

  /** Everything that is not done in this house. Never run. */
  @SuppressWarnings("unused")
  static final class Planted {
    static void all(dev.leat.store.DuckStore store) throws Exception {
      store.close();
      new picocli.CommandLine(java.time.Instant.now()).usage(System.out);
      Files.readAllBytes(Path.of(java.util.UUID.randomUUID().toString()));
      Thread.sleep(1);
      System.exit(1);
    }
  }

  private static List<String> broken(String room, byte[] bytes) {
    ClassModel model = ClassFile.of().parse(bytes);
    String from = model.thisClass().asInternalName();
    List<String> broken = new ArrayList<>();
    for (PoolEntry entry : model.constantPool()) {
      switch (entry) {
        case MemberRefEntry member ->
            broken.addAll(
                HouseRules.broken(
                    room, from, element(member.owner()), member.name().stringValue()));
        case ClassEntry known -> broken.addAll(HouseRules.broken(room, from, element(known), ""));
        default -> {}
      }
    }
    return broken;
  }

  /** The class itself, or what an array holds. */
  private static String element(ClassEntry entry) {
    String name = entry.asInternalName();
    String element = name.replaceFirst("^\\[+", "");
    if (element.equals(name)) {
      return name;
    }
    return element.startsWith("L")
        ? element.substring(1, element.length() - 1)
        : "java/lang/Object";
  }

  private static List<byte[]> classes(Class<?> of) throws Exception {
    CodeSource source = of.getProtectionDomain().getCodeSource();
    Path place = Path.of(source.getLocation().toURI());
    if (Files.isDirectory(place)) {
      return read(place);
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      return read(jar.getPath("/"));
    }
  }

  private static List<byte[]> read(Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files = all.filter(file -> file.toString().endsWith(".class")).toList();
    }
    List<byte[]> classes = new ArrayList<>();
    for (Path file : files) {
      classes.add(Files.readAllBytes(file));
    }
    return classes;
  }
}
