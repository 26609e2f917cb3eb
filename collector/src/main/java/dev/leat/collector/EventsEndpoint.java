package dev.leat.collector;

import static java.util.Locale.ROOT;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code POST /v1/events}: turns an HTTP request into a {@link Submission} and its outcome into an
 * answer. Any number of threads.
 *
 * <p>The listener it is registered with must be built with {@link #bodiesAsSent()}, or the server
 * refuses compressed bodies before they come here.
 */
public final class EventsEndpoint implements HttpService {
  public static final String PATH = "/v1/events";

  private static final String ATTRIBUTE_PREFIX = "ce-";
  private static final HeaderName PREFER = HeaderNames.create("Prefer");
  private static final HeaderName PREFERENCE_APPLIED = HeaderNames.create("Preference-Applied");
  private static final String LENIENT = "handling=lenient";

  private final Collector collector;

  public EventsEndpoint(Collector collector) {
    this.collector = collector;
  }

  /** What a listener needs so that bodies come here as they were sent, whatever their encoding. */
  public static ContentEncodingContext bodiesAsSent() {
    return new BodiesAsSent(ContentEncodingContext.create());
  }

  @Override
  public void routing(HttpRules rules) {
    rules.post(PATH, this::post).any(PATH, this::refuseMethod);
  }

  private void post(ServerRequest request, ServerResponse response) {
    RequestFormat format = RequestFormat.of(request.headers());
    RequestBody body = new RequestBody(request);
    boolean lenient = isLenient(request.headers());
    Outcome outcome =
        format
            .refusal()
            .or(() -> refusedUnread(request))
            .orElseGet(() -> collect(request, body, format, lenient));
    if (lenient) {
      response.header(PREFERENCE_APPLIED, LENIENT);
    }
    send(request, body, response, Answer.of(outcome, collector.options()));
  }

  private Outcome collect(
      ServerRequest request, RequestBody body, RequestFormat format, boolean lenient) {
    List<HeaderAttribute> attributes = attributes(format, request.headers());
    return collector.collect(
        new Submission(format.form(), format.coding(), lenient, body, attributes));
  }

  private Optional<Outcome> refusedUnread(ServerRequest request) {
    int most = collector.options().maxBodyBytes();
    long announced = request.headers().contentLength().orElse(0);
    if (announced <= most) {
      return Optional.empty();
    }
    return Optional.of(
        new Outcome.TooLarge(
            FaultCode.BODY_TOO_LARGE,
            "a body of at most " + most + " bytes",
            announced + " bytes"));
  }

  private static List<HeaderAttribute> attributes(
      RequestFormat format, ServerRequestHeaders headers) {
    if (format.form() != Submission.Form.DATA) {
      return List.of();
    }
    List<HeaderAttribute> attributes = new ArrayList<>();
    for (Header header : headers) {
      String name = header.headerName().lowerCase();
      if (name.startsWith(ATTRIBUTE_PREFIX)) {
        String attribute = name.substring(ATTRIBUTE_PREFIX.length());
        header
            .allValues()
            .forEach(value -> attributes.add(new HeaderAttribute(attribute, value, true)));
      } else if (header.headerName().equals(HeaderNames.CONTENT_TYPE)) {
        attributes.add(new HeaderAttribute("datacontenttype", header.get(), false));
      }
    }
    return attributes;
  }

  private static boolean isLenient(ServerRequestHeaders headers) {
    if (!headers.contains(PREFER)) {
      return false;
    }
    for (String preference : headers.get(PREFER).values().split("[,;]", -1)) {
      if (preference.replace("\"", "").replace(" ", "").toLowerCase(ROOT).equals(LENIENT)) {
        return true;
      }
    }
    return false;
  }

  private void refuseMethod(ServerRequest request, ServerResponse response) {
    response.header(HeaderNames.ALLOW, "POST");
    send(request, new RequestBody(request), response, Answer.methodNotAllowed());
  }

  private void send(
      ServerRequest request, RequestBody body, ServerResponse response, Answer answer) {
    collector.tally().answered(answer.status());
    response.status(Status.create(answer.status()));
    response.header(HeaderNames.CONTENT_TYPE, answer.contentType());
    Duration retryAfter = answer.retryAfter();
    if (retryAfter != null) {
      response.header(HeaderNames.RETRY_AFTER, Long.toString(wholeSeconds(retryAfter)));
    }
    boolean http1 = request.prologue().protocolVersion().startsWith("1");
    boolean asked = asksToClose(request.headers());
    boolean close = http1 && (asked || answer.close() || !body.isFinished());
    if (close) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    response.send(answer.body());
    if (close) {
      body.linger();
      // The server only says that it closes. It would go on and take what is left of the body for
      // the next request.
      throw new CloseConnectionException("closed after the answer " + answer.status());
    }
  }

  /** Looking for a token is dear even where there is no such header, and mostly there is none. */
  private static boolean asksToClose(ServerRequestHeaders headers) {
    return headers.contains(HeaderNames.CONNECTION)
        && headers.containsToken(HeaderValues.CONNECTION_CLOSE);
  }

  private static long wholeSeconds(Duration duration) {
    return Math.max(1, duration.plusSeconds(1).minusNanos(1).toSeconds());
  }
}
