package dev.leat.event;

/**
 * Says which key an event has, where the definition says something else than the event does. Asked
 * at the door, so that the log holds the key; any thread may call it.
 */
@FunctionalInterface
public interface KeyRule {
  /** Leaves every event the key it came with. */
  KeyRule NONE = draft -> {};

  /**
   * Sets {@code partitionKey} if the definition gives this event a key and the event brings none.
   * The draft is complete; its data is well-formed if it is JSON.
   */
  void apply(EventDraft draft);
}
