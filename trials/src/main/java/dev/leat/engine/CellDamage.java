package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.pipeline.AggregatesCut;
import dev.leat.pipeline.BucketChange;
import dev.leat.pipeline.Level;
import dev.leat.testkit.SimDisk;
import dev.leat.trials.Damage;
import dev.leat.trials.DamageCase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of the results of metrics: some from cuts, some from merges. */
public final class CellDamage implements DamageCase {
  private static final CellRules RULES = new CellRules(3, 1 << 10, 1 << 20, 2);
  private static final long METRIC = 7;
  private static final int BUCKETS = 6;

  private final SimDisk disk = new SimDisk();
  private final TreeMap<String, Long> files = new TreeMap<>();
  private final byte[] manifest;
  private final SortedMap<String, String> right;

  /** Cells after a few commits and merges. */
  public CellDamage() throws IOException {
    byte[] last = {};
    try (CellStore store = open(disk, last)) {
      for (int cut = 1; cut <= 8; cut++) {
        List<BucketChange> changes = new ArrayList<>();
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
          boolean whole = (cut + bucket) % 4 == 0;
          Level level = bucket % 2 == 0 ? Level.BASE : Level.HOUR;
          changes.add(new BucketChange(METRIC, level, bucket, whole, block(cut)));
        }
        last = store.write(new AggregatesCut(cut, new byte[0], changes));
        store.committed(last);
        while (cut < 6 && store.step()) {
          // Until there is nothing to merge.
        }
      }
      right = read(store);
    }
    disk.kill();
    manifest = last;
    for (String name : CellManifest.decode(manifest).names()) {
      files.put(name, (long) disk.bytes(name).length);
    }
    if (files.size() < 2 || right.size() != BUCKETS) {
      throw new IllegalStateException("the corpus is too small: " + files);
    }
  }

  private static CellStore open(SimDisk on, byte[] manifest) throws IOException {
    return CellStore.openStill(on, manifest, RULES);
  }

  private static byte[] block(int cut) {
    ByteBuffer out = ByteBuffer.allocate(1 << 10).putInt(2);
    for (String key : List.of("a" + cut % 3, "b" + cut)) {
      byte[] value = "value %d of %s".formatted(cut, key).getBytes(UTF_8);
      out.putShort((short) key.length()).put(key.getBytes(UTF_8));
      out.putInt(value.length).put(value);
    }
    byte[] block = new byte[out.position()];
    out.get(0, block);
    return block;
  }

  @Override
  public String type() {
    return "cells";
  }

  @Override
  public SortedMap<String, Long> files() {
    return files;
  }

  /** Refusing is enough: what happens then is for who opens it. */
  @Override
  public Outcome open(Damage damage) throws Exception {
    try (CellStore store = open(damage.on(disk), manifest)) {
      SortedMap<String, String> read = read(store);
      return read.equals(right) ? Outcome.HARMLESS : Outcome.wrong("read %s".formatted(read));
    } catch (StateDamagedException refused) {
      return Outcome.refusal(refused, damage.file());
    } catch (UncheckedIOException failed) {
      return Outcome.refusal(failed, damage.file());
    }
  }

  private static SortedMap<String, String> read(CellStore store) {
    TreeMap<String, String> read = new TreeMap<>();
    for (Level level : Level.values()) {
      store.scan(
          METRIC,
          level,
          Long.MIN_VALUE,
          Long.MAX_VALUE,
          (bucket, _, block) ->
              read.put(level + " " + bucket, HexFormat.of().formatHex(block.get())));
    }
    return read;
  }

  @Override
  public void close() {
    // All of it is in memory.
  }
}
