package dev.leat.store;

import dev.leat.event.EventStore;
import dev.leat.testkit.EventStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

class DuckStoreContractTest extends EventStoreContract {
  @Override
  protected EventStore open(Path directory, int partitions) throws IOException {
    return DuckStore.open(directory, StoreOptions.defaults(partitions), InstantSource.system());
  }
}
