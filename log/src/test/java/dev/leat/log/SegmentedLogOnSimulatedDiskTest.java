package dev.leat.log;

import dev.leat.event.EventLog;
import dev.leat.testkit.EventLogContract;
import dev.leat.testkit.SimDisk;
import java.time.InstantSource;

class SegmentedLogOnSimulatedDiskTest extends EventLogContract {
  private final SimDisk disk = new SimDisk();

  @Override
  protected EventLog open() throws Exception {
    return SegmentedLog.open(disk, TestLogs.SMALL, InstantSource.system());
  }
}
