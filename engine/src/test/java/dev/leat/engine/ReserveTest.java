package dev.leat.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Threads;
import dev.leat.testkit.SimDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Room for commits on a disk that gets full. */
class ReserveTest {
  private static final long MIB = 1 << 20;
  private static final long BYTES = 10 * MIB;
  private static final long ENOUGH = BYTES + BYTES / 4;

  private final SimDisk disk = new SimDisk();

  @Test
  void itIsTakenInStepsAndFoundAgain() throws Exception {
    Reserve reserve = opened();
    lookUntilWhole(reserve);
    assertEquals(BYTES, disk.bytes(Reserve.NAME).length);
    assertEquals("", reserve.refusal());
    assertFalse(opened().look(), "there was something left to take");
  }

  @Test
  void itIsGivenUpOnlyWhenRoomIsShortAndDoesNotLookLikeRoom() throws Exception {
    disk.capacity(ENOUGH);
    Reserve reserve = opened();
    lookUntilWhole(reserve);
    assertEquals("", reserve.refusal(), "a quarter more is enough");
    disk.capacity(100 * MIB);
    assertFalse(reserve.giveUp(), "the commit failed for another reason");
    disk.capacity(BYTES);
    reserve.look();
    assertTrue(reserve.refusal().contains("make room"), reserve.refusal());
    assertTrue(reserve.giveUp());
    assertFalse(disk.exists(Reserve.NAME));
    assertFalse(reserve.giveUp(), "there is nothing left to give");
    assertFalse(reserve.look(), "it took what was given to the commit");
    assertFalse(reserve.refusal().isEmpty(), "the reserve's room was offered to events");
    disk.capacity(ENOUGH);
    lookUntilWhole(reserve);
    assertEquals("", reserve.refusal());
    assertEquals(BYTES, disk.bytes(Reserve.NAME).length);
  }

  @Test
  void afterAFailedForceANewFileIsBegun() throws Exception {
    Reserve reserve = new Reserve(disk, BYTES, Threads.real());
    disk.failForce(0);
    reserve.open();
    assertFalse(disk.exists(Reserve.NAME));
    assertEquals("", reserve.refusal(), "there is room all the same");
    lookUntilWhole(reserve);
    assertEquals(BYTES, disk.bytes(Reserve.NAME).length);
  }

  @Test
  void whatACommitWroteHalfDoesNotStay() throws Exception {
    StateStore store =
        StateStore.openStill(
            disk,
            new byte[0],
            StateOptions.defaults(),
            RandomGeneratorFactory.of("L64X128MixRandom").create(7));
    remember(store, 1);
    StateCut cut = store.cut();
    for (int i = 0; i < 3; i++) {
      disk.failForce(0);
      assertThrows(IOException.class, () -> store.write(cut));
      assertEquals(List.of(), disk.list(StateFiles.DIRECTORY), "half a file takes room");
    }
    store.write(cut);
    assertEquals(1, disk.list(StateFiles.DIRECTORY).size());
    store.close();
  }

  private static void remember(StateStore store, long position) {
    byte[] bytes = "source-id".getBytes(US_ASCII);
    store.seen("events", Duration.ofHours(1)).add(bytes, 0, 6, 7, 2, position);
  }

  private Reserve opened() {
    Reserve reserve = new Reserve(disk, BYTES, Threads.real());
    reserve.open();
    return reserve;
  }

  private static void lookUntilWhole(Reserve reserve) {
    boolean more = true;
    while (more) {
      more = reserve.look();
    }
  }
}
