package dev.leat.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Chooses the files to merge next. Files of one day and shard grow in tiers, each about eight times
 * the one below, so that a row is rewritten only a few times on its way to the target size. What is
 * left of a day that nothing was added to for a while is merged whatever its tier, and small files
 * of many days share one file. A merge sorts its rows in memory, so what they weigh unpacked is
 * bounded.
 */
record MergePlan(long targetBytes, long maxPayloadBytes, Duration settleAfter) {
  /** Files of one tier that make a merge. */
  static final int FAN_IN = 8;

  /** Small files of one shard, of whatever days, that make a merge across days. */
  static final int MAX_SMALL_FILES = 24;

  private static final long SMALLEST_TIER_BYTES = 64 << 10;

  private record Place(int shard, long day) {}

  /** Files to replace by one, all of one shard; {@code day} is that of the result. */
  record Merge(int shard, long day, List<DataFile> files) {}

  /**
   * The most useful merge, if any.
   *
   * @param added when each file was added, or when this process began to look
   */
  Optional<Merge> choose(List<DataFile> files, Function<DataFile, Instant> added, Instant now) {
    Map<Place, List<DataFile>> places = new HashMap<>();
    for (DataFile file : files) {
      if (file.bytes() < targetBytes) {
        places
            .computeIfAbsent(new Place(file.shard(), file.day()), _ -> new ArrayList<>())
            .add(file);
      }
    }
    List<Merge> merges = new ArrayList<>();
    places.forEach((place, small) -> ofPlace(place, small, added, now).ifPresent(merges::add));
    if (merges.isEmpty()) {
      acrossDays(places).ifPresent(merges::add);
    }
    return merges.stream().max(Comparator.comparingInt(merge -> merge.files().size()));
  }

  private Optional<Merge> ofPlace(
      Place place, List<DataFile> small, Function<DataFile, Instant> added, Instant now) {
    Map<Integer, List<DataFile>> tiers =
        small.stream().collect(Collectors.groupingBy(MergePlan::tier));
    Optional<List<DataFile>> full =
        tiers.entrySet().stream()
            .filter(tier -> tier.getValue().size() >= FAN_IN)
            .min(Map.Entry.comparingByKey())
            .map(Map.Entry::getValue);
    if (full.isPresent()) {
      return merge(place.shard(), place.day(), full.get());
    }
    boolean settled =
        small.stream().allMatch(file -> !added.apply(file).plus(settleAfter).isAfter(now));
    return settled ? merge(place.shard(), place.day(), small) : Optional.empty();
  }

  private Optional<Merge> acrossDays(Map<Place, List<DataFile>> places) {
    Map<Integer, List<DataFile>> shards = new HashMap<>();
    places.forEach(
        (place, files) -> {
          List<DataFile> small =
              files.stream().filter(file -> file.bytes() < targetBytes / FAN_IN).toList();
          shards.computeIfAbsent(place.shard(), _ -> new ArrayList<>()).addAll(small);
        });
    return shards.entrySet().stream()
        .filter(shard -> shard.getValue().size() > MAX_SMALL_FILES)
        .findFirst()
        .flatMap(shard -> merge(shard.getKey(), DataFile.MIXED, shard.getValue()));
  }

  /** The smallest of the files, as many as the target takes; none if that is only one. */
  private Optional<Merge> merge(int shard, long day, List<DataFile> candidates) {
    List<DataFile> chosen = new ArrayList<>();
    long bytes = 0;
    long payload = 0;
    for (DataFile file :
        candidates.stream().sorted(Comparator.comparingLong(DataFile::bytes)).toList()) {
      boolean fits =
          bytes + file.bytes() <= targetBytes && payload + file.payloadBytes() <= maxPayloadBytes;
      if (fits || chosen.size() < 2) {
        chosen.add(file);
        bytes += file.bytes();
        payload += file.payloadBytes();
      }
    }
    return chosen.size() < 2 || bytes > 2 * targetBytes || payload > maxPayloadBytes
        ? Optional.empty()
        : Optional.of(new Merge(shard, day, chosen));
  }

  private static int tier(DataFile file) {
    int tier = 0;
    for (long bytes = file.bytes(); bytes > SMALLEST_TIER_BYTES; bytes /= FAN_IN) {
      tier++;
    }
    return tier;
  }
}
