package dev.leat.query;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * {@code GET /v1/live}: server-sent events. First one {@code history} with the samples of late,
 * then one {@code sample} for each that comes, until the reader goes or Leat stops.
 */
record LiveHandler(LiveFeed feed) implements Handler {
  private static final byte[] HISTORY = "retry: 2000\nevent: history\ndata: [".getBytes(US_ASCII);
  private static final byte[] HISTORY_END = "]\n\n".getBytes(US_ASCII);
  private static final byte[] SAMPLE = "event: sample\ndata: ".getBytes(US_ASCII);
  private static final byte[] END = "\n\n".getBytes(US_ASCII);
  private static final int RETRY_SECONDS = 5;

  @Override
  public void handle(ServerRequest request, ServerResponse response)
      throws IOException, InterruptedException {
    UrlParameters.of(request, List.of());
    if (!feed.enter()) {
      throw new ProblemException(
          new Problem(
              Status.SERVICE_UNAVAILABLE_503,
              "BUSY",
              "%d listen already, which is the most; close a page that is not looked at"
                  .formatted(LiveFeed.MAX_LISTENERS),
              RETRY_SECONDS));
    }
    try {
      response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
      response.header(HeaderNames.CACHE_CONTROL, "no-store");
      try (OutputStream out = response.outputStream()) {
        tell(out);
      }
    } finally {
      feed.leave();
    }
  }

  private void tell(OutputStream out) throws IOException, InterruptedException {
    LiveFeed.Samples now = feed.all();
    history(out, now.samples());
    out.flush();
    for (now = feed.after(now.end()); !now.samples().isEmpty(); now = feed.after(now.end())) {
      for (byte[] sample : now.samples()) {
        out.write(SAMPLE);
        out.write(sample);
        out.write(END);
      }
      out.flush();
    }
  }

  private static void history(OutputStream out, List<byte[]> samples) throws IOException {
    out.write(HISTORY);
    for (int i = 0; i < samples.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.write(samples.get(i));
    }
    out.write(HISTORY_END);
  }
}
