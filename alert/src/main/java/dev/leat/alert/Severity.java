package dev.leat.alert;

import java.util.Locale;

/** How bad it is, the least first. */
public enum Severity {
  /** Good to know. */
  INFO,
  /** To be looked at today. */
  WARNING,
  /** To be looked at now. */
  CRITICAL;

  /** As it is spelled for people and programs. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The one that is spelled so.
   *
   * @throws IllegalArgumentException if none is
   */
  public static Severity of(String word) {
    for (Severity severity : values()) {
      if (severity.word().equals(word)) {
        return severity;
      }
    }
    throw new IllegalArgumentException("expected info, warning or critical, found '" + word + "'");
  }
}
