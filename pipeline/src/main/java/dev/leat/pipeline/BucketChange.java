package dev.leat.pipeline;

/**
 * How one bucket of a metric's results changed. A bucket is a stretch of event time: one slice, one
 * hour or day of a coarser level, or the sessions that began in one stretch.
 *
 * @param metric the identity of the metric, {@link MetricPlan#id}
 * @param bucket where the stretch begins, in microseconds
 * @param whole whether the block is all that the bucket now has; otherwise its cells take the place
 *     of those with the same keys, and the others stay
 * @param block the cells, as {@link CellBlock} lays them out; no bytes, and whole, if the bucket is
 *     forgotten: one without cells is still there, and coarser ones are made from it
 */
@SuppressWarnings("ArrayRecordComponent") // Opaque bytes, compared by nobody.
public record BucketChange(long metric, Level level, long bucket, boolean whole, byte[] block) {}
