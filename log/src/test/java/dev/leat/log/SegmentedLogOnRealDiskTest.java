package dev.leat.log;

import dev.leat.event.EventLog;
import dev.leat.event.OsDisk;
import dev.leat.testkit.EventLogContract;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

class SegmentedLogOnRealDiskTest extends EventLogContract {
  @TempDir Path directory;

  @Override
  protected EventLog open() throws Exception {
    return SegmentedLog.open(new OsDisk(directory), TestLogs.SMALL, InstantSource.system());
  }
}
