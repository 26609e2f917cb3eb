package dev.leat.engine;

import static dev.leat.engine.MetricHouse.MINUTE;
import static dev.leat.engine.MetricHouse.SECOND;
import static dev.leat.engine.MetricHouse.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Metrics.Recomputation;
import dev.leat.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that are computed anew, against lists of events. */
@Timeout(300)
class SessionRecomputationTest {
  private static final String DEFINITION =
      """
      streams:
        - name: orders
          match: type == 'order'
      metrics:
        - name: m
          from: orders
          window: {session: 1m, key: data.shop}
          lateness: 1m
          measures:
            count: count()
            sum: sum(data.n)
      """;
  private static final long HOUR = 60 * MINUTE;
  private static final long LATEST = START + 900 * HOUR;

  @TempDir private Path directory;

  private record Order(String id, String shop, long time, int n) {}

  /** A house, and what was sent to it. */
  private static final class World implements AutoCloseable {
    final MetricHouse house;
    final RandomGenerator chance;
    final List<Order> orders = new ArrayList<>();
    private final long spread;
    private int corrections;

    World(Path directory, RandomGenerator chance, long spread) throws Exception {
      this.house = new MetricHouse(directory, DEFINITION);
      this.chance = chance;
      this.spread = spread;
    }

    void order() throws Exception {
      long time = START - spread + chance.nextLong(2 * spread) / SECOND * SECOND;
      if (!orders.isEmpty() && chance.nextInt(3) > 0) { // Close to another one.
        time = orders.get(chance.nextInt(orders.size())).time() + chance.nextLong(-90, 90) * SECOND;
      }
      Order order =
          new Order("o" + orders.size(), "s" + chance.nextInt(5), time, chance.nextInt(100));
      orders.add(order);
      String data = "{\"shop\":\"%s\",\"n\":%d}".formatted(order.shop(), order.n());
      house.append(order.id(), time, LATEST, "", data);
    }

    void retract() throws Exception {
      int which = chance.nextInt(orders.size());
      Order order = orders.get(which);
      orders.set(which, new Order(order.id(), "", order.time(), 0));
      house.append(
          "r" + corrections++,
          LATEST,
          LATEST,
          "{\"corrects\":\"%s\",\"correction\":\"retract\"}".formatted(order.id()),
          "{\"shop\":\"clock\",\"n\":0}");
    }

    List<String> results() {
      return house.results("m").stream().map(line -> line.replace(".0", "")).sorted().toList();
    }

    List<String> expected() {
      TreeMap<String, List<Order>> byShop = new TreeMap<>();
      for (Order order : orders) {
        if (!order.shop().isEmpty()) {
          byShop.computeIfAbsent(order.shop(), _ -> new ArrayList<>()).add(order);
        }
      }
      List<String> lines = new ArrayList<>();
      for (List<Order> shop : byShop.values()) {
        shop.sort(Comparator.comparingLong(Order::time));
        int from = 0;
        for (int i = 1; i <= shop.size(); i++) {
          if (i == shop.size() || shop.get(i).time() - shop.get(i - 1).time() > MINUTE) {
            lines.add(line(shop.subList(from, i)));
            from = i;
          }
        }
      }
      return lines.stream().sorted().toList();
    }

    private static String line(List<Order> session) {
      return "%d..%d [%s] %d %d"
          .formatted(
              (session.getFirst().time() - START) / SECOND,
              (session.getLast().time() - START) / SECOND,
              session.getFirst().shop(),
              session.size(),
              session.stream().mapToInt(Order::n).sum());
    }

    @Override
    public void close() {
      house.close();
    }
  }

  @Test
  void whateverComesTooLateOrIsTakenBackTheRowsDecide() {
    Seeds.run(
        6,
        (seed, chance) -> {
          long spread = chance.nextBoolean() ? HOUR : 800 * HOUR;
          try (World world = new World(directory.resolve("seed" + seed), chance, spread)) {
            for (int i = 0; i < 100; i++) {
              world.order();
            }
            world.house.passTo(LATEST);
            for (int round = 0; round < 3; round++) {
              for (int i = 0; i < 60; i++) {
                world.order();
                if (chance.nextInt(4) == 0) {
                  world.retract();
                }
              }
              world.house.passTo(LATEST);
              if (chance.nextInt(3) == 0) {
                world.house.commit();
              }
              if (chance.nextBoolean()) {
                Recomputation.Done _ = world.house.recompute("m", Long.MIN_VALUE, Long.MAX_VALUE);
              } else {
                world.house.settle();
              }
              assertEquals(world.expected(), world.results());
            }
            world.house.settle();
            world.house.commit();
            world.house.crash();
            assertEquals(world.expected(), world.results());
            assertEquals(0, world.house.verify("m").different());
          }
        });
  }

  @Test
  void manyMarksAreSettledInBitesAndAllRowsAreReadLittleMoreThanOnce() throws Exception {
    try (World world = new World(directory, Seeds.chance(7), 800 * HOUR)) {
      world.house.passTo(LATEST);
      for (int i = 0; i < 2_000; i++) {
        world.order();
      }
      world.house.passTo(LATEST);
      assertTrue(world.house.marks() > 1_500);
      world.house.settle();
      assertEquals(world.expected(), world.results());
      Recomputation.Done done = world.house.recompute("m", Long.MIN_VALUE, Long.MAX_VALUE);
      assertEquals(0, done.different());
      assertTrue(done.rows() < 1.3 * world.orders.size(), () -> "read " + done.rows());
      assertEquals(world.expected(), world.results());
    }
  }

  @Test
  void ordersThatComeMeanwhileAreNeitherLostNorCountedTwice() throws Exception {
    try (World world = new World(directory, Seeds.chance(11), HOUR)) {
      world.order();
      Thread sender =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 1_000; i++) {
                        world.order();
                      }
                    } catch (Exception failed) {
                      throw new IllegalStateException(failed);
                    }
                  });
      while (sender.isAlive()) {
        Recomputation.Done _ = world.house.recompute("m", Long.MIN_VALUE, Long.MAX_VALUE);
        boolean _ = world.house.recomputer().round();
      }
      sender.join();
      world.house.passTo(LATEST);
      world.house.settle();
      assertEquals(world.expected(), world.results());
    }
  }
}
