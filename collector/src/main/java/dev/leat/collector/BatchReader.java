package dev.leat.collector;

import dev.leat.event.EventBatch;
import dev.leat.event.JsonException;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import dev.leat.event.KeyRule;
import dev.leat.event.Slice;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Turns the body of one request into a batch, or into faults. For one thread, reused from request
 * to request.
 *
 * <p>A bad line of NDJSON costs only itself. A JSON array that breaks can't be read beyond that
 * point: the event where it breaks gets the fault, and what follows is not seen.
 */
final class BatchReader {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private static final byte[] NONE = {};
  private static final EventBatch.Writer NOBODYS = new EventBatch.Writer(0);

  private final CollectorOptions options;
  private final FaultList faults;
  private final Envelope envelope;
  private final JsonEvent jsonEvent;
  private final BinaryEvent binaryEvent;
  private final JsonScanner scanner;

  /** One level more for the array around the events. */
  private final JsonScanner arrayScanner;

  private EventBatch.Writer writer = NOBODYS;
  private byte[] bytes = NONE;
  private int length;
  private boolean lenient;
  private KeyRule keys = KeyRule.NONE;
  private long receivedMicros;
  private int events;
  private boolean tooMany;

  BatchReader(CollectorOptions options, long seed) {
    this.options = options;
    this.faults = new FaultList(options.maxFaults());
    this.envelope = new Envelope(faults);
    this.scanner = new JsonScanner(options.maxDepth());
    this.arrayScanner = new JsonScanner(options.maxDepth() + 1);
    Scratch scratch = new Scratch();
    Payload payload = new Payload(options.maxDepth(), seed);
    JsonWalk walk = new JsonWalk(options.maxDepth(), seed);
    this.jsonEvent = new JsonEvent(envelope, scratch, walk, payload, options.maxDepth());
    this.binaryEvent = new BinaryEvent(envelope, scratch, payload);
  }

  /**
   * Reads the first {@code length} of the bytes. The good events go into the batch, which is of no
   * use if the reading is strict and there are faults.
   */
  void read(
      Submission submission,
      byte[] bytes,
      int length,
      long receivedMicros,
      KeyRule keys,
      EventBatch.Writer batch) {
    this.bytes = bytes;
    this.length = length;
    this.lenient = submission.lenient();
    this.receivedMicros = receivedMicros;
    this.keys = keys;
    events = 0;
    tooMany = false;
    faults.clear();
    writer = batch;
    writer.clear();
    switch (submission.form()) {
      case OBJECT -> document(0, length);
      case ARRAY -> array();
      case OBJECT_OR_ARRAY -> objectOrArray();
      case LINES -> lines();
      case DATA -> data(submission);
    }
  }

  FaultList faults() {
    return faults;
  }

  /** Events seen, good and bad. */
  int events() {
    return events;
  }

  /** Whether the request has more events than are allowed; they were not all read. */
  boolean hasTooMany() {
    return tooMany;
  }

  /** Lets go of what belongs to the request. */
  void forget() {
    bytes = NONE;
    writer = NOBODYS;
    faults.clear();
  }

  private void objectOrArray() {
    int first = 0;
    while (first < length && bytes[first] <= ' ' && bytes[first] >= 0) {
      first++;
    }
    if (first < length && bytes[first] == '[') {
      array();
    } else {
      document(0, length);
    }
  }

  private void lines() {
    int from = 0;
    while (from < length) {
      int end = lineEnd(from);
      if (!isBlank(from, end)) {
        if (!mayHaveOneMore()) {
          return;
        }
        document(from, end);
      }
      from = end + 1;
    }
  }

  /** One event that is all of these bytes. */
  private void document(int from, int end) {
    begin();
    if (end - from > options.maxEventBytes()) {
      tooLarge(end - from);
      return;
    }
    try {
      scanner.reset(bytes, from, end - from);
      jsonEvent.read(scanner, scanner.next(), bytes);
      scanner.next();
    } catch (JsonException broken) {
      broken(broken, from, end, options.maxDepth());
    }
    keepIfGood();
  }

  private void array() {
    int from = 0;
    boolean inside = false;
    try {
      arrayScanner.reset(bytes, 0, length);
      if (arrayScanner.next() != Token.ARRAY_START) {
        begin();
        envelope.fault(
            "", FaultCode.NOT_AN_EVENT, "an array of events", found(arrayScanner.valueFrom()));
        return;
      }
      Token token = arrayScanner.next();
      while (token != Token.ARRAY_END && mayHaveOneMore()) {
        from = arrayScanner.valueFrom();
        inside = true;
        begin();
        jsonEvent.read(arrayScanner, token, bytes);
        inside = false;
        if (arrayScanner.position() - from > options.maxEventBytes()) {
          tooLarge(arrayScanner.position() - from);
        }
        keepIfGood();
        token = arrayScanner.next();
      }
      if (!tooMany) {
        arrayScanner.next();
      }
    } catch (JsonException broken) {
      if (inside) {
        broken(broken, from, length, options.maxDepth());
      } else {
        begin();
        fault(broken, "");
      }
    }
  }

  private void data(Submission submission) {
    begin();
    if (length > options.maxEventBytes()) {
      tooLarge(length);
      return;
    }
    binaryEvent.read(submission.attributes(), bytes, length);
    keepIfGood();
  }

  private void begin() {
    envelope.begin(events++, receivedMicros);
  }

  private boolean mayHaveOneMore() {
    tooMany = events == options.maxEvents();
    return !tooMany;
  }

  private void keepIfGood() {
    if (lenient ? !faults.has(envelope.index()) : faults.isEmpty()) {
      keys.apply(envelope.draft());
      writer.add(envelope.draft());
    }
  }

  private void tooLarge(int eventBytes) {
    String expected = "an event of at most " + options.maxEventBytes() + " bytes";
    envelope.fault("", FaultCode.EVENT_TOO_LARGE, expected, eventBytes + " bytes");
  }

  private void broken(JsonException broken, int from, int end, int maxDepth) {
    // Finding the place means reading the event again, which is done only if somebody will read it.
    boolean wanted = faults.wantsWords(envelope.index());
    fault(broken, wanted ? JsonPointer.to(bytes, from, end, broken.offset(), maxDepth) : "");
  }

  private void fault(JsonException broken, String pointer) {
    envelope.fault(pointer, FaultCode.of(broken.code()), broken.expected(), broken.found());
  }

  private String found(int from) {
    Slice start = new Slice();
    start.set(bytes, from, length - from);
    return Fault.printable(start);
  }

  /**
   * Where the next newline stands, or the end; eight bytes at a time, the lowest hit of the usual
   * test is exact.
   */
  private int lineEnd(int from) {
    int at = from;
    while (at <= length - Long.BYTES) {
      long word = (long) LONGS.get(bytes, at) ^ ('\n' * ONES);
      long hits = (word - ONES) & ~word & HIGH_BITS;
      if (hits != 0) {
        return at + (Long.numberOfTrailingZeros(hits) >>> 3);
      }
      at += Long.BYTES;
    }
    while (at < length && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  private boolean isBlank(int from, int end) {
    int at = from;
    while (at < end && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r')) {
      at++;
    }
    return at == end;
  }
}
