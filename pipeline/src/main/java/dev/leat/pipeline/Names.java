package dev.leat.pipeline;

import java.util.regex.Pattern;

/** What names and paths in a definition look like. */
final class Names {
  static final String NAME =
      "a name: a letter, then letters, digits, '_' or '-', at most 64 characters";
  static final String TABLE =
      "a name that SQL takes: a letter, then letters, digits or '_', in lower case, at most 64"
          + " characters";
  static final String PATH = "a path such as data.origin";
  static final String DATA_PATH = "a path into the data such as data.origin";

  private static final Pattern LABEL = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

  /** One name of a path: anything that no expression and no list could mistake for its own. */
  private static final String PART = "[^\\s\\p{Cntrl}.,()\\[\\]{}'\"\\\\]{1,256}";

  private static final Pattern DOTTED = Pattern.compile(PART + "(\\." + PART + "){0,15}");

  private Names() {}

  /** Whether a lookup, rule or kind may be called so. */
  static boolean isName(String text) {
    return LABEL.matcher(text).matches();
  }

  /** Whether the text is names with dots between them. */
  static boolean isPath(String text) {
    return DOTTED.matcher(text).matches();
  }

  /** Whether the text is a path to a member of the data. */
  static boolean isDataPath(String text) {
    return text.startsWith("data.") && isPath(text);
  }

  static String requireName(String what, String text) {
    return require(isName(text), what, NAME, text);
  }

  static String requirePath(String what, String text) {
    return require(isPath(text), what, PATH, text);
  }

  static String requireDataPath(String what, String text) {
    return require(isDataPath(text), what, DATA_PATH, text);
  }

  static String requireText(String what, String text) {
    return require(!text.isBlank(), what, "text", text);
  }

  private static String require(boolean right, String what, String expected, String found) {
    if (!right) {
      throw new IllegalArgumentException(
          "%s: expected %s, found '%s'".formatted(what, expected, found));
    }
    return found;
  }
}
