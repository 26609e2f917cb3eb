/** The read side: SQL and metrics, dead letters, the balance, and the web UI. */
@NullMarked
package dev.leat.query;

import org.jspecify.annotations.NullMarked;
