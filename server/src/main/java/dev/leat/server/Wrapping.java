package dev.leat.server;

import org.jspecify.annotations.Nullable;

/**
 * How rows and plain objects become events.
 *
 * @param type absent: named after the file
 * @param source absent: named after the file
 * @param time the field whose value becomes the time
 * @param id the field whose value becomes the id
 * @param partitionKey the field whose value becomes the partition key
 */
record Wrapping(
    @Nullable String type,
    @Nullable String source,
    @Nullable String time,
    @Nullable String id,
    @Nullable String partitionKey) {}
