/**
 * Rows in columns: hot rows in memory, sealed Parquet files, the catalogue, and the queries over
 * both.
 */
@NullMarked
package dev.leat.store;

import org.jspecify.annotations.NullMarked;
