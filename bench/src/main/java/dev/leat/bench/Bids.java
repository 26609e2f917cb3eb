package dev.leat.bench;

import java.util.SplittableRandom;

/**
 * The bids of the Nexmark auction, decoded and in memory: numbers in columns, in the order of their
 * time. The distributions are those of the generator in Apache Beam (92 % of all events are bids;
 * every second bid goes to one hot auction of the last hundred; three of four bidders are hot
 * ones); the code is not. Immutable.
 */
@SuppressWarnings("ArrayRecordComponent") // Columns, never compared.
record Bids(long[] auction, long[] bidder, long[] price, long[] timeMillis) {
  static final int SEED = 20_261_124;

  private static final long FIRST_MILLIS = 1_767_225_600_000L; // 2026-01-01
  private static final int EVENTS_PER_SECOND = 10_000;

  // Of fifty events one is a person, three are auctions, the rest are bids.
  private static final int ROUND = 50;
  private static final int AUCTIONS = 3;
  private static final int BIDS = 46;

  private static final int HOT = 100;
  private static final int OPEN_AUCTIONS = 100;
  private static final int ACTIVE_PEOPLE = 1_000;
  private static final int HOT_AUCTION_RATIO = 2;
  private static final int HOT_BIDDER_RATIO = 4;
  private static final int FIRST_ID = 1_000;

  int count() {
    return auction.length;
  }

  static Bids generate(int count) {
    SplittableRandom random = new SplittableRandom(SEED);
    Bids bids = new Bids(new long[count], new long[count], new long[count], new long[count]);
    for (int i = 0; i < count; i++) {
      long round = i / BIDS;
      long event = round * ROUND + (ROUND - BIDS) + i % BIDS;
      long lastAuction = round * AUCTIONS + AUCTIONS - 1;
      bids.auction[i] = FIRST_ID + auction(random, lastAuction);
      bids.bidder[i] = FIRST_ID + bidder(random, round);
      bids.price[i] = Math.round(Math.pow(10, random.nextDouble() * 6) * 100);
      bids.timeMillis[i] = FIRST_MILLIS + event * 1_000 / EVENTS_PER_SECOND;
    }
    return bids;
  }

  private static long auction(SplittableRandom random, long last) {
    if (random.nextInt(HOT_AUCTION_RATIO) > 0) {
      return last / HOT * HOT;
    }
    long oldest = Math.max(0, last - OPEN_AUCTIONS);
    return oldest + random.nextLong(last - oldest + 1);
  }

  private static long bidder(SplittableRandom random, long last) {
    if (random.nextInt(HOT_BIDDER_RATIO) > 0) {
      return last / HOT * HOT + 1;
    }
    long active = Math.min(last + 1, ACTIVE_PEOPLE);
    return last + 1 - active + random.nextLong(active);
  }
}
