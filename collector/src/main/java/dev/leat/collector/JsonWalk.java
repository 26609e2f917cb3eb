package dev.leat.collector;

import dev.leat.event.JsonException;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import dev.leat.event.Slice;

/**
 * Goes through JSON values to see that they are well-formed and that no object has a name twice.
 * For one thread.
 */
final class JsonWalk {
  static final int NOWHERE = -1;

  private final UniqueNames names;
  private final JsonScanner scanner;
  private final KnownNames known = new KnownNames();
  private byte[] bytes = {};
  private int duplicateAt = NOWHERE;

  JsonWalk(int maxDepth, long seed) {
    this.names = new UniqueNames(maxDepth, seed);
    this.scanner = new JsonScanner(maxDepth);
  }

  /** Begins a document in these bytes. */
  void begin(byte[] bytes) {
    this.bytes = bytes;
    names.begin(bytes);
    duplicateAt = NOWHERE;
  }

  void openObject() {
    names.openObject();
  }

  void closeObject() {
    names.closeObject();
  }

  /** Whether the name just read is new in its object; the first that is not is remembered. */
  boolean isNew(JsonScanner scanner) {
    boolean fresh = names.add(scanner);
    if (!fresh && duplicateAt == NOWHERE) {
      duplicateAt = scanner.tokenFrom();
    }
    return fresh;
  }

  /** Where the first repeated name stands; {@link #NOWHERE} if none is. */
  int duplicateAt() {
    return duplicateAt;
  }

  /** Goes to the end of the value whose first token has just been read. */
  void finish(JsonScanner scanner, Token first) {
    if (first == Token.OBJECT_START) {
      object(scanner);
    } else {
      steps(scanner, first);
    }
  }

  private void object(JsonScanner scanner) {
    names.openObject();
    known.begin();
    while (known.cross(scanner)) {
      steps(scanner, scanner.next());
    }
    Token token = scanner.next();
    if (token == Token.NAME) {
      known.giveWay(names);
    }
    for (; token == Token.NAME; token = scanner.next()) {
      if (isNew(scanner)) {
        known.met(scanner, bytes);
      }
      steps(scanner, scanner.next());
    }
    names.closeObject();
  }

  private void steps(JsonScanner scanner, Token first) {
    if (first != Token.OBJECT_START && first != Token.ARRAY_START) {
      return;
    }
    int outside = scanner.depth() - 1;
    step(scanner, first);
    while (scanner.depth() > outside) {
      step(scanner, scanner.next());
    }
  }

  /**
   * Goes through a whole document.
   *
   * @throws JsonException if it is not well-formed
   */
  void document(Slice document) {
    begin(document.array());
    scanner.reset(document.array(), document.from(), document.length());
    finish(scanner, scanner.next());
    scanner.next();
  }

  private void step(JsonScanner scanner, Token token) {
    switch (token) {
      case OBJECT_START -> names.openObject();
      case OBJECT_END -> names.closeObject();
      case NAME -> isNew(scanner);
      case ARRAY_START, ARRAY_END, STRING, INTEGER, DECIMAL, TRUE, FALSE, NULL, END -> {}
    }
  }
}
