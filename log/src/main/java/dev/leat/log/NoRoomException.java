package dev.leat.log;

import java.io.IOException;

/**
 * There is no place for another segment now; there may be later, and nothing that was kept is in
 * danger.
 */
final class NoRoomException extends IOException {
  private static final long serialVersionUID = 1L;

  NoRoomException(String message) {
    super(message);
  }

  NoRoomException(String message, IOException cause) {
    super(message, cause);
  }
}
