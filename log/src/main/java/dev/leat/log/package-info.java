/**
 * The durable segmented log: append, force, read from a position, recover, retain.
 *
 * <p>Read {@link dev.leat.log.SegmentedLog} first, then {@link dev.leat.log.FrameLayout} for the
 * bytes, {@link dev.leat.log.LogWriter} for how they get to the disk and {@link
 * dev.leat.log.Recovery} for how they are found again.
 */
@NullMarked
package dev.leat.log;

import org.jspecify.annotations.NullMarked;
