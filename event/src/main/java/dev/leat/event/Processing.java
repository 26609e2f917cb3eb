package dev.leat.event;

import java.util.List;

/**
 * What the read side may ask of whoever carries events from the log to the store. Any thread may
 * call it.
 */
public interface Processing {
  /** The balance, as of now. */
  Balance balance();

  /**
   * Where the event with this source and id is. Looks it up in state, tables and log: may block.
   */
  Receipt receipt(String source, String id) throws InterruptedException;

  /** Sends dead letters again, or says what would happen. One job at a time. */
  Replay.Answer replay(Replay.Request request) throws InterruptedException;

  /** The jobs of late, the newest first. */
  List<Replay.Job> replays();

  /** Ends the job that is running; what it has sent stays sent. False if none with this id runs. */
  boolean stopReplay(long job);
}
