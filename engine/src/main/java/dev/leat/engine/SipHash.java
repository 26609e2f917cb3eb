package dev.leat.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 with an output of 128 bits, for messages that arrive in pieces. For one thread.
 *
 * <p>A keyed hash: whoever does not know the key can't make two messages collide, and the outputs
 * are as good as random, so their bits may serve as hashes of any kind.
 *
 * <p>Source: Jean-Philippe Aumasson and Daniel J. Bernstein, "SipHash: a fast short-input PRF",
 * INDOCRYPT 2012; the longer output is that of the authors' reference implementation.
 */
final class SipHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private long v0;
  private long v1;
  private long v2;
  private long v3;
  private long length;
  private long high;
  private long low;

  SipHash(long key0, long key1) {
    v0 = key0 ^ 0x736f6d6570736575L;
    v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
    v2 = key0 ^ 0x6c7967656e657261L;
    v3 = key1 ^ 0x7465646279746573L;
  }

  /** Goes on from where another stands. */
  void continueFrom(SipHash other) {
    v0 = other.v0;
    v1 = other.v1;
    v2 = other.v2;
    v3 = other.v3;
    length = other.length;
  }

  /** Eight bytes of message, the lowest first. */
  void word(long word) {
    length += Long.BYTES;
    v3 ^= word;
    long a = v0;
    long b = v1;
    long c = v2;
    long d = v3;
    for (int round = 0; round < 2; round++) {
      a += b;
      b = Long.rotateLeft(b, 13) ^ a;
      a = Long.rotateLeft(a, 32);
      c += d;
      d = Long.rotateLeft(d, 16) ^ c;
      a += d;
      d = Long.rotateLeft(d, 21) ^ a;
      c += b;
      b = Long.rotateLeft(b, 17) ^ c;
      c = Long.rotateLeft(c, 32);
    }
    v0 = a ^ word;
    v1 = b;
    v2 = c;
    v3 = d;
  }

  /** Bytes of message, then zeros to a multiple of eight. */
  void padded(byte[] bytes, int at, int count) {
    int whole = count & -Long.BYTES;
    for (int i = 0; i < whole; i += Long.BYTES) {
      word((long) LONGS.get(bytes, at + i));
    }
    if (whole < count) {
      word(tail(bytes, at + whole, count - whole));
    }
  }

  /** The message's last bytes; its hash is {@link #high} and {@link #low} from now on. */
  void finish(byte[] bytes, int at, int count) {
    int whole = count & -Long.BYTES;
    padded(bytes, at, whole);
    long total = length + count - whole;
    word((total << 56) | tail(bytes, at + whole, count - whole));
    v2 ^= 0xee;
    rounds();
    high = v0 ^ v1 ^ v2 ^ v3;
    v1 ^= 0xdd;
    rounds();
    low = v0 ^ v1 ^ v2 ^ v3;
  }

  private static long tail(byte[] bytes, int at, int count) {
    long tail = 0;
    for (int i = count - 1; i >= 0; i--) {
      tail = (tail << 8) | (bytes[at + i] & 0xFF);
    }
    return tail;
  }

  private void rounds() {
    for (int round = 0; round < 4; round++) {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
  }

  /** The first eight bytes of the hash, the lowest first. */
  long high() {
    return high;
  }

  /** The last eight bytes of the hash, the lowest first. */
  long low() {
    return low;
  }
}
