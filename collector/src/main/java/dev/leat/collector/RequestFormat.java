package dev.leat.collector;

import static java.util.Locale.ROOT;

import dev.leat.collector.Submission.Coding;
import dev.leat.collector.Submission.Form;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.util.Optional;

/**
 * What the headers say about the body: how events lie in it and how it is compressed, or that this
 * is unknown.
 *
 * @param refusal why the body is not read at all
 */
record RequestFormat(Form form, Coding coding, Optional<Outcome> refusal) {
  private static final String KNOWN_TYPES =
      "application/cloudevents+json, application/cloudevents-batch+json, application/x-ndjson, application/json,"
          + " or the headers ce-id, ce-source, ce-type and ce-specversion with any type";

  static RequestFormat of(ServerRequestHeaders headers) {
    String type = value(headers, HeaderNames.CONTENT_TYPE.lowerCase());
    Optional<Form> form = form(type, headers);
    String encoding = value(headers, HeaderNames.CONTENT_ENCODING.lowerCase());
    Optional<Coding> coding = coding(encoding);
    Optional<Outcome> refusal = Optional.empty();
    if (form.isEmpty()) {
      refusal =
          refusal(
              FaultCode.UNSUPPORTED_MEDIA_TYPE,
              KNOWN_TYPES,
              type.isEmpty() ? "no content type" : type);
    } else if (coding.isEmpty()) {
      refusal = refusal(FaultCode.UNSUPPORTED_ENCODING, "gzip, zstd or identity", encoding);
    }
    return new RequestFormat(form.orElse(Form.OBJECT), coding.orElse(Coding.IDENTITY), refusal);
  }

  private static Optional<Form> form(String contentType, ServerRequestHeaders headers) {
    int semicolon = contentType.indexOf(';');
    String type =
        (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
            .strip()
            .toLowerCase(ROOT);
    Optional<Form> structured =
        switch (type) {
          case "application/cloudevents-batch+json" -> Optional.of(Form.ARRAY);
          case "application/cloudevents+json" -> Optional.of(Form.OBJECT);
          default -> Optional.empty();
        };
    if (structured.isEmpty() && !type.startsWith("application/cloudevents")) {
      structured = hasAttributes(headers) ? Optional.of(Form.DATA) : plain(type);
    }
    boolean readable =
        structured.filter(form -> form == Form.DATA).isPresent() || isUtf8(contentType);
    return structured.filter(_ -> readable);
  }

  private static Optional<Form> plain(String type) {
    return switch (type) {
      case "application/x-ndjson", "application/ndjson", "application/jsonl" ->
          Optional.of(Form.LINES);
      case "application/json" -> Optional.of(Form.OBJECT_OR_ARRAY);
      default -> Optional.empty();
    };
  }

  /** JSON is UTF-8 (RFC 8259), whatever else a parameter may claim is not read. */
  private static boolean isUtf8(String contentType) {
    if (contentType.indexOf(';') < 0) {
      return true;
    }
    String parameters = contentType.toLowerCase(ROOT).replace(" ", "").replace("\"", "");
    int charset = parameters.indexOf(";charset=");
    if (charset < 0) {
      return true;
    }
    String value = parameters.substring(charset + ";charset=".length());
    return value.matches("(utf-?8|us-ascii)(;.*)?");
  }

  private static boolean hasAttributes(ServerRequestHeaders headers) {
    for (Header header : headers) {
      if (header.headerName().lowerCase().startsWith("ce-")) {
        return true;
      }
    }
    return false;
  }

  private static Optional<Coding> coding(String encoding) {
    return switch (encoding.strip().toLowerCase(ROOT)) {
      case "", "identity" -> Optional.of(Coding.IDENTITY);
      case "gzip", "x-gzip" -> Optional.of(Coding.GZIP);
      case "zstd" -> Optional.of(Coding.ZSTD);
      default -> Optional.empty();
    };
  }

  /** All values of the header in one, so that two of them are seen to be two. */
  private static String value(ServerRequestHeaders headers, String lowerCaseName) {
    for (Header header : headers) {
      if (header.headerName().lowerCase().equals(lowerCaseName)) {
        return header.values();
      }
    }
    return "";
  }

  private static Optional<Outcome> refusal(FaultCode code, String expected, String found) {
    return Optional.of(new Outcome.Unreadable(code, expected, Fault.printable(found)));
  }
}
