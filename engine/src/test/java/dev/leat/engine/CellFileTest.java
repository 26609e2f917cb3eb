package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.engine.CellFile.Place;
import dev.leat.pipeline.Level;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CellFileTest {
  /** Blocks of all sizes, so that some cross the pieces in which a check reads, in no order. */
  @Test
  void aCheckFindsAFlippedBitInAnyBlock() {
    Seeds.run(
        60,
        (_, chance) -> {
          SimDisk disk = new SimDisk();
          List<byte[]> blocks = blocks(chance);
          try (CellFile file = write(disk, blocks, chance)) {
            file.checkBlocks();
            for (CellFile.Block block : file.blocks()) {
              assertArrayEquals(blocks.get((int) block.metric), block.read());
            }
            CellFile.Block hit = file.blocks().get(chance.nextInt(blocks.size()));
            int at = chance.nextInt(hit.storedBytes());
            disk.corrupt(file.name(), (hit.offset + at) * 8 + chance.nextInt(8));
            assertThrows(StateDamagedException.class, file::checkBlocks);
            assertTrue(file.isDamaged());
          }
        });
  }

  @Test
  void aCheckFindsThatTheEndIsMissing() {
    Seeds.run(
        30,
        (_, chance) -> {
          SimDisk disk = new SimDisk();
          try (CellFile file = write(disk, blocks(chance), chance)) {
            long end =
                file.blocks().stream()
                    .mapToLong(each -> each.offset + each.storedBytes())
                    .max()
                    .orElseThrow();
            disk.truncate(file.name(), chance.nextLong(CellFile.HEADER_BYTES, end));
            assertThrows(StateDamagedException.class, file::checkBlocks);
          }
        });
  }

  private static List<byte[]> blocks(RandomGenerator chance) {
    List<byte[]> blocks = new ArrayList<>();
    for (int left = 1 + chance.nextInt(60); left > 0; left--) {
      byte[] block = new byte[chance.nextInt(1 << (4 + chance.nextInt(18)))];
      chance.nextBytes(block);
      blocks.add(block);
    }
    return blocks;
  }

  /** A file in which the index has another order than the blocks. */
  private static CellFile write(SimDisk disk, List<byte[]> blocks, RandomGenerator chance)
      throws Exception {
    disk.createDirectories(StateFiles.CELLS);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      order.add(chance.nextInt(order.size() + 1), i);
    }
    try (CellFileWriter out = new CellFileWriter(disk, 1)) {
      for (int i : order) {
        out.add(new Place(i, Level.BASE, 0), true, blocks.get(i));
      }
      return out.finish();
    }
  }
}
