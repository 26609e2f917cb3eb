package dev.leat.pipeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Hashes of 64 bits, equal for equal values on every machine and in every version: what sketches
 * hold is made of them. Bytes are hashed as wyhash (final version 4, seed 0) does, numbers by a
 * mixture that no two of them share. A number with a fraction of zero hashes as the integer it is.
 *
 * <p>The seed is known to everybody: who chooses the values can make hashes collide, and with them
 * estimates false, which is the price of equal results in every life.
 */
final class Hash64 {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long S0 = 0x2d358dccaa6c78a5L;
  private static final long S1 = 0x8bb84b93962eacc9L;
  private static final long S2 = 0x4b33a62ed433d4a3L;
  private static final long S3 = 0x4d5a2da51de1aa47L;

  /** 2^64 divided by the golden ratio, so that zero does not hash to zero. */
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private static final long FRACTIONS = 0x5851f42d4c957f2dL;
  private static final double TWO_TO_63 = 0x1p63;

  private Hash64() {}

  static long of(byte[] bytes) {
    return ofBytes(bytes, 0, bytes.length, 0);
  }

  static long of(byte[] bytes, int from, int length) {
    return ofBytes(bytes, from, length, 0);
  }

  /** The finalizer of SplitMix64, which maps no two numbers onto one. */
  static long of(long value) {
    long mixed = value + GOLDEN;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /** 5.0 hashes as 5 does, and a negative zero as zero. */
  static long of(double value) {
    if (value >= -TWO_TO_63 && value < TWO_TO_63) {
      long whole = (long) value;
      if (whole == value) {
        return of(whole);
      }
    }
    return of(Double.doubleToLongBits(value) ^ FRACTIONS);
  }

  static long ofBytes(byte[] bytes, int from, int length, long seed) {
    long state = seed ^ mix(seed ^ S0, S1);
    int at = from;
    int rest = length;
    if (rest > 48) {
      long second = state;
      long third = state;
      do {
        state = mix(long64(bytes, at) ^ S1, long64(bytes, at + 8) ^ state);
        second = mix(long64(bytes, at + 16) ^ S2, long64(bytes, at + 24) ^ second);
        third = mix(long64(bytes, at + 32) ^ S3, long64(bytes, at + 40) ^ third);
        at += 48;
        rest -= 48;
      } while (rest >= 48);
      state ^= second ^ third;
    }
    for (; rest > 16; rest -= 16, at += 16) {
      state = mix(long64(bytes, at) ^ S1, long64(bytes, at + 8) ^ state);
    }
    long a = 0;
    long b = 0;
    if (length > 16) {
      a = long64(bytes, at + rest - 16);
      b = long64(bytes, at + rest - 8);
    } else if (length >= 4) {
      int middle = (length >>> 3) << 2;
      a = (int32(bytes, at) << 32) | int32(bytes, at + middle);
      b = (int32(bytes, at + length - 4) << 32) | int32(bytes, at + length - 4 - middle);
    } else if (length > 0) {
      a = (bytes[at] & 0xffL) << 16 | (bytes[at + (length >> 1)] & 0xffL) << 8;
      a |= bytes[at + length - 1] & 0xffL;
    }
    a ^= S1;
    b ^= state;
    long low = a * b;
    long high = Math.unsignedMultiplyHigh(a, b);
    return mix(low ^ S0 ^ length, high ^ S1);
  }

  private static long mix(long a, long b) {
    return a * b ^ Math.unsignedMultiplyHigh(a, b);
  }

  private static long long64(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  private static long int32(byte[] bytes, int at) {
    return (int) INT.get(bytes, at) & 0xffffffffL;
  }
}
