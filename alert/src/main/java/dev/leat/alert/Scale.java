package dev.leat.alert;

/** What kind of numbers a series has. */
public enum Scale {
  /** Counts and other amounts from 0 on, whose patterns multiply: half as many, twice as many. */
  COUNTS,

  /** Any numbers, whose patterns add up: means, quantiles, latest values. */
  VALUES
}
