package dev.leat.pipeline;

/**
 * What about an event's data breaks its schema.
 *
 * @param pointer JSON pointer to the value, from the data; empty for the data itself
 * @param keyword the keyword of JSON Schema that says so, as {@code required} or {@code type}
 * @param expected in words
 * @param found the value or its type, short
 */
record Violation(String pointer, String keyword, String expected, String found) {}
