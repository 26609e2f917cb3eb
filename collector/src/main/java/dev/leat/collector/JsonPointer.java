package dev.leat.collector;

import dev.leat.event.JsonException;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import dev.leat.event.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the JSON Pointer (RFC 6901) of a place in a document by reading it once more: faults are
 * rare, so only they pay for the names on the way.
 */
final class JsonPointer {
  private static final int MAX_CHARS = 200;

  private static final Object NO_NAME_YET = new Object();

  private final JsonScanner scanner;

  /** The way to where the scanner is: a name as a string, a place in an array as a number. */
  private final List<Object> path = new ArrayList<>();

  private JsonPointer(int maxDepth) {
    this.scanner = new JsonScanner(maxDepth);
  }

  /** The pointer to a member of the outermost object. */
  static String to(Slice name) {
    return shortened("/" + escaped(Fault.printable(name)));
  }

  /**
   * The pointer to the value or name that stands at {@code offset}, in a document that is
   * well-formed up to there.
   */
  static String to(byte[] bytes, int from, int end, int offset, int maxDepth) {
    JsonPointer pointer = new JsonPointer(maxDepth);
    pointer.scanner.reset(bytes, from, end - from);
    pointer.follow(offset);
    return pointer.text();
  }

  private void follow(int offset) {
    Token token = Token.END;
    try {
      do {
        token = scanner.next();
        step(token);
      } while (token != Token.END && scanner.position() <= offset);
    } catch (JsonException expected) {
      // The place looked for is where the document breaks, so the way so far is the answer, and one
      // step more.
      stepIntoBreak(token);
    }
  }

  /**
   * What breaks after a name is its value; in an array the next element; else the object, between
   * its members.
   */
  private void stepIntoBreak(Token last) {
    if (last != Token.NAME && !path.isEmpty()) {
      nextElement();
      if (path.getLast() instanceof String) {
        path.set(path.size() - 1, NO_NAME_YET);
      }
    }
  }

  private void step(Token token) {
    switch (token) {
      case OBJECT_START -> {
        nextElement();
        path.add(NO_NAME_YET);
      }
      case ARRAY_START -> {
        nextElement();
        path.add(-1);
      }
      case OBJECT_END, ARRAY_END -> path.removeLast();
      case NAME -> path.set(path.size() - 1, name());
      case STRING, INTEGER, DECIMAL, TRUE, FALSE, NULL, END -> nextElement();
    }
  }

  private String name() {
    byte[] characters = new byte[scanner.tokenLength()];
    Slice name = new Slice();
    name.set(characters, 0, scanner.unescape(characters, 0));
    return Fault.printable(name);
  }

  private void nextElement() {
    if (!path.isEmpty() && path.getLast() instanceof Integer element) {
      path.set(path.size() - 1, element + 1);
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (Object step : path) {
      if (step instanceof Integer element && element >= 0) {
        text.append('/').append(element);
      } else if (step instanceof String member) {
        text.append('/').append(escaped(member));
      }
    }
    return shortened(text.toString());
  }

  private static String escaped(String member) {
    return member.replace("~", "~0").replace("/", "~1");
  }

  private static String shortened(String pointer) {
    return pointer.length() <= MAX_CHARS ? pointer : pointer.substring(0, MAX_CHARS) + "…";
  }
}
