package dev.leat.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.SplittableRandom;

/** Documents that are JSON, and damage that mostly makes them none. */
final class RandomJson {
  private static final String[] BLANKS = {"", "", "", "", " ", "\n", "\t ", "\r\n"};
  private static final String[] PIECES = {
    "a",
    "bc",
    "plain text",
    "é",
    "Ж",
    "€",
    "漢字",
    "😀",
    "\\n",
    "\\\"",
    "\\\\",
    "\\/",
    "\\u0041",
    "\\u00e9",
    "\\u20ac",
    "\\uD83D\\uDE00",
    "\\u0000",
    "\u007f",
    "01234567",
    "0123456789abcdef"
  };
  private static final String[] NUMBERS = {
    "0",
    "-0",
    "1e999",
    "1E-7",
    "0.1",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "9007199254740993",
    "123456789012345678901234567890",
    "3.141592653589793238462643383279",
    "1e22",
    "1e23",
    "-12.5e+3"
  };
  private static final String[] DAMAGE = {
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "-",
    ".",
    "e",
    "0",
    "1",
    " ",
    "\n",
    "\0",
    "\u001f",
    "\u007f",
    "t",
    "null",
    "true",
    "\\u",
    "\\ud800",
    "\\udc00",
    "\u0080",
    "\u00c0\u0080",
    "\u00c2",
    "\u00ed\u00a0\u0080",
    "\u00f4\u0090\u0080\u0080",
    "\u00e2\u0082\u00ac",
    "\u00ef\u00bb\u00bf",
    "\u00ff",
    "/*",
    "NaN",
    "+"
  };

  private RandomJson() {}

  static void value(SplittableRandom random, StringBuilder into, int depth) {
    blank(random, into);
    int kind = random.nextInt(depth > 6 ? 6 : 10);
    switch (kind) {
      case 0 -> into.append(NUMBERS[random.nextInt(NUMBERS.length)]);
      case 1 -> into.append(random.nextLong() >> random.nextInt(64));
      case 2 -> into.append((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(40) - 20));
      case 3, 4 -> string(random, into);
      case 5 ->
          into.append(random.nextBoolean() ? "null" : random.nextBoolean() ? "true" : "false");
      case 6, 7 -> array(random, into, depth);
      default -> object(random, into, depth);
    }
    blank(random, into);
  }

  /**
   * The same bytes with one to three places cut, doubled, replaced or filled with something
   * hostile.
   */
  static byte[] mutate(SplittableRandom random, byte[] bytes) {
    StringBuilder text = new StringBuilder(new String(bytes, ISO_8859_1));
    for (int times = random.nextInt(1, 4); times > 0; times--) {
      int from = random.nextInt(text.length() + 1);
      int to = Math.min(text.length(), from + random.nextInt(3));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(from, to);
        case 1 -> text.insert(from, text.substring(from, to));
        case 2 -> text.replace(from, to, DAMAGE[random.nextInt(DAMAGE.length)]);
        default -> text.insert(from, DAMAGE[random.nextInt(DAMAGE.length)]);
      }
    }
    return text.toString().getBytes(ISO_8859_1);
  }

  private static void array(SplittableRandom random, StringBuilder into, int depth) {
    into.append('[');
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      into.append(i == 0 ? "" : ",");
      value(random, into, depth + 1);
    }
    into.append(']');
  }

  private static void object(SplittableRandom random, StringBuilder into, int depth) {
    into.append('{');
    int count = random.nextInt(6);
    for (int i = 0; i < count; i++) {
      into.append(i == 0 ? "" : ",");
      blank(random, into);
      string(random, into);
      blank(random, into);
      into.append(':');
      value(random, into, depth + 1);
    }
    blank(random, into);
    into.append('}');
  }

  private static void string(SplittableRandom random, StringBuilder into) {
    into.append('"');
    for (int count = random.nextInt(6); count > 0; count--) {
      into.append(PIECES[random.nextInt(PIECES.length)]);
    }
    into.append('"');
  }

  private static void blank(SplittableRandom random, StringBuilder into) {
    into.append(BLANKS[random.nextInt(BLANKS.length)]);
  }
}
