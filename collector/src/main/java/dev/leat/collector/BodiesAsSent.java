package dev.leat.collector;

import io.helidon.http.Headers;
import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.encoding.ContentEncodingContextConfig;

/**
 * Lets every request body through as it was sent, so that who reads it decompresses it within
 * limits; the server's own decoders have none. Responses are encoded as before.
 */
final class BodiesAsSent implements ContentEncodingContext {
  private final ContentEncodingContext responses;

  BodiesAsSent(ContentEncodingContext responses) {
    this.responses = responses;
  }

  @Override
  public boolean contentEncodingEnabled() {
    return responses.contentEncodingEnabled();
  }

  @Override
  public boolean contentDecodingEnabled() {
    return true;
  }

  @Override
  public boolean contentEncodingSupported(String encodingId) {
    return responses.contentEncodingSupported(encodingId);
  }

  @Override
  public boolean contentDecodingSupported(String encodingId) {
    return true;
  }

  @Override
  public ContentEncoder encoder(String encodingId) {
    return responses.encoder(encodingId);
  }

  @Override
  public ContentDecoder decoder(String encodingId) {
    return ContentDecoder.NO_OP;
  }

  @Override
  public ContentEncoder encoder(Headers headers) {
    return responses.encoder(headers);
  }

  @Override
  public ContentEncodingContextConfig prototype() {
    return responses.prototype();
  }
}
