package dev.leat.engine;

import dev.leat.event.EventLog;
import dev.leat.pipeline.Plan;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Starts engines for {@link MixDefinition}s. */
final class EngineRuns {
  private static final Map<MixDefinition, Plan> PLANS = new EnumMap<>(MixDefinition.class);

  private EngineRuns() {}

  static Engine start(
      EventLog log,
      MemoryStore store,
      SimDisk disk,
      MixDefinition definition,
      RandomGenerator chance)
      throws Exception {
    long commitBytes = 1_000 + chance.nextLong(20_000);
    return Engine.start(
        new Engine.Rooms(log, store, disk, bytes -> plan(MixDefinition.of(bytes))),
        definition.bytes(),
        new EngineOptions(3, Duration.ofHours(1), commitBytes, commitBytes * 2),
        InstantSource.fixed(Instant.EPOCH),
        Seeds.chance(7));
  }

  private static synchronized Plan plan(MixDefinition definition) {
    return PLANS.computeIfAbsent(definition, MixDefinition::plan);
  }
}
