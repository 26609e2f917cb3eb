package dev.leat.query;

import dev.leat.event.Balance;
import dev.leat.event.Balance.Totals;
import dev.leat.event.Processing;
import dev.leat.event.Receipt;
import dev.leat.event.Replay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Answers what the test says, and remembers what it was asked. */
final class FakeProcessing implements Processing {
  final List<String> receipts = new ArrayList<>();
  final List<Replay.Request> requests = new ArrayList<>();
  final List<Replay.Job> jobs = new ArrayList<>();
  Balance balance = new Balance(0, new Totals(0, 0, 0, 0, 0, 0), Map.of(), 0, true, "");
  Receipt receipt = new Receipt(Receipt.State.UNKNOWN, null, -1, List.of(), true);
  Replay.Answer answer = new Replay.Answer.Refused("no script");

  static Replay.Job job(long id, Replay.State state, Replay.Request request) {
    return new Replay.Job(id, state, request, 10, 6, 3, 2, 1, "");
  }

  @Override
  public Balance balance() {
    return balance;
  }

  @Override
  public Receipt receipt(String source, String id) {
    receipts.add(source + " " + id);
    return receipt;
  }

  @Override
  public Replay.Answer replay(Replay.Request request) {
    requests.add(request);
    return answer;
  }

  @Override
  public List<Replay.Job> replays() {
    return List.copyOf(jobs);
  }

  /** A job that runs is stopped. */
  @Override
  public boolean stopReplay(long id) {
    for (int i = 0; i < jobs.size(); i++) {
      Replay.Job job = jobs.get(i);
      if (job.id() == id && job.state() == Replay.State.RUNNING) {
        jobs.set(i, job(id, Replay.State.STOPPED, job.request()));
        return true;
      }
    }
    return false;
  }
}
