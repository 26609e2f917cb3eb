package dev.leat.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Which files of cells to merge next. Only consecutive ones, so that what is newer still holds
 * before what is older; damaged ones never, so that they can be restored. Under the catalogue's
 * lock.
 *
 * <p>Files of one size become one when there are enough of them, together with smaller ones between
 * them, so a block is written once for each size. A large file is written anew when less than half
 * of it is in use.
 *
 * @param files in the order in which what they say holds
 */
record CellChoice(CellRules rules, List<CellFile> files) {
  /** The files, or none. */
  List<CellFile> next() {
    for (CellFile file : files) {
      if (file.liveBlocks == 0) {
        return List.of(file);
      }
    }
    for (int tier = 0; tier < rules.top(); tier++) {
      List<CellFile> alike = alike(tier);
      if (!alike.isEmpty()) {
        return alike;
      }
    }
    for (CellFile file : files) {
      if (file.bytes() >= rules.smallBytes()
          && 2 * file.liveBytes < file.bytes()
          && !file.isDamaged()) {
        return List.of(file);
      }
    }
    return files.size() > rules.maxFiles() ? smallest() : List.of();
  }

  private List<CellFile> alike(int tier) {
    List<CellFile> run = new ArrayList<>();
    int count = 0;
    for (CellFile file : files) {
      int its = rules.tier(file.bytes());
      if (its > tier || file.isDamaged()) {
        run.clear();
        count = 0;
      } else if (its == tier || count > 0) {
        run.add(file);
        count += its == tier ? 1 : 0;
      }
      if (count == rules.fanIn()) {
        return run;
      }
    }
    return List.of();
  }

  /** Those whose merging costs least. */
  private List<CellFile> smallest() {
    List<CellFile> best = List.of();
    long bestBytes = Long.MAX_VALUE;
    for (int from = 0; from + rules.fanIn() <= files.size(); from++) {
      List<CellFile> some = files.subList(from, from + rules.fanIn());
      long bytes = some.stream().mapToLong(CellFile::bytes).sum();
      if (bytes < bestBytes && some.stream().noneMatch(CellFile::isDamaged)) {
        best = List.copyOf(some);
        bestBytes = bytes;
      }
    }
    return best;
  }
}
