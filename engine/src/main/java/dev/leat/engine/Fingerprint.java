package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * What stands for an event's identity, or an entity's, in the state: a keyed hash of 128 bits, in
 * {@link #high} and {@link #low}. One instance per stream and thread.
 *
 * <p>Two of them are equal by chance only: a new id among 100 million known ones is taken for one
 * of them with a probability of 100 million / 2^128, below 2^-101; that any two of 100 million ids
 * are ever confused has a probability below 2^-75. Nobody can bring it about without the key, which
 * never leaves the data directory.
 *
 * <p>The message that is hashed begins with the length of each part, and each part but the last is
 * filled up with zeros to a multiple of eight, so that no two identities share a message:
 *
 * <pre>
 *   event:   1, stream length (u4, u4) | stream | source length, id length (u4, u4) | source | id
 *   entity:  2, stream length (u4, u4) | stream | key length (u8) | key
 * </pre>
 */
final class Fingerprint {
  private static final long EVENT = 1;
  private static final long ENTITY = 2;

  private final SipHash prefix;
  private final SipHash hash;

  /** The last event's source and id, to hash it once when it is asked for and then added. */
  private byte[] last = new byte[128];

  private int lastSourceLength = -1;
  private int lastIdLength;
  long high;
  long low;

  private Fingerprint(long key0, long key1, long kind, String stream) {
    prefix = new SipHash(key0, key1);
    hash = new SipHash(key0, key1);
    byte[] name = stream.getBytes(UTF_8);
    prefix.word(kind | (long) name.length << 32);
    prefix.padded(name, 0, name.length);
  }

  /** Of the events of a stream. */
  static Fingerprint ofEvents(long key0, long key1, String stream) {
    return new Fingerprint(key0, key1, EVENT, stream);
  }

  /** Of the entities of a stream. */
  static Fingerprint ofEntities(long key0, long key1, String stream) {
    return new Fingerprint(key0, key1, ENTITY, stream);
  }

  void event(byte[] bytes, int sourceAt, int sourceLength, int idAt, int idLength) {
    if (isLast(bytes, sourceAt, sourceLength, idAt, idLength)) {
      return;
    }
    int length = sourceLength + idLength;
    if (length > last.length) {
      last = new byte[length];
    }
    System.arraycopy(bytes, sourceAt, last, 0, sourceLength);
    System.arraycopy(bytes, idAt, last, sourceLength, idLength);
    lastSourceLength = sourceLength;
    lastIdLength = idLength;
    hash.continueFrom(prefix);
    hash.word(sourceLength | (long) idLength << 32);
    hash.padded(bytes, sourceAt, sourceLength);
    finish(bytes, idAt, idLength);
  }

  private boolean isLast(byte[] bytes, int sourceAt, int sourceLength, int idAt, int idLength) {
    int length = sourceLength + idLength;
    return sourceLength == lastSourceLength
        && idLength == lastIdLength
        && Arrays.equals(last, sourceLength, length, bytes, idAt, idAt + idLength)
        && Arrays.equals(last, 0, sourceLength, bytes, sourceAt, sourceAt + sourceLength);
  }

  void entity(byte[] bytes, int keyAt, int keyLength) {
    lastSourceLength = -1;
    hash.continueFrom(prefix);
    hash.word(keyLength);
    finish(bytes, keyAt, keyLength);
  }

  private void finish(byte[] bytes, int at, int length) {
    hash.finish(bytes, at, length);
    high = hash.high();
    low = hash.low();
  }
}
