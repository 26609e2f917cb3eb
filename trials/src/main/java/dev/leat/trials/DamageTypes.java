package dev.leat.trials;

import dev.leat.engine.CellDamage;
import dev.leat.engine.StateDamage;
import dev.leat.log.LogDamage;
import dev.leat.server.DefinitionDamage;
import dev.leat.store.CatalogueDamage;
import dev.leat.store.ParquetDamage;
import dev.leat.store.ViewDamage;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.Callable;

/** The types of files there are below a data directory, apart from locks, which are empty. */
final class DamageTypes {
  private DamageTypes() {}

  /** A corpus of a type. */
  static DamageCase make(String type) throws Exception {
    return Objects.requireNonNull(all().get(type), type).call();
  }

  /** By name, what makes a corpus of it. */
  static SequencedMap<String, Callable<DamageCase>> all() {
    SequencedMap<String, Callable<DamageCase>> all = new LinkedHashMap<>();
    all.put("log", LogDamage::killed);
    all.put("log-closed", LogDamage::closed);
    all.put("state", StateDamage::new);
    all.put("cells", CellDamage::new);
    all.put("catalogue", CatalogueDamage::new);
    all.put("parquet", ParquetDamage::new);
    all.put("views", ViewDamage::new);
    all.put("definitions", DefinitionDamage::new);
    return all;
  }
}
