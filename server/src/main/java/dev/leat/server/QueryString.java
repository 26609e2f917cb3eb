package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import org.jspecify.annotations.Nullable;

/** The end of an address, behind the question mark. */
final class QueryString {
  private final StringBuilder text = new StringBuilder();

  /** Nothing to be added if the value is null. */
  QueryString add(String name, @Nullable Object value) {
    if (value != null) {
      text.append(text.isEmpty() ? '?' : '&')
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value.toString(), UTF_8).replace("+", "%20"));
    }
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
