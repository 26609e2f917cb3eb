/**
 * The definition, and what happens to an event: validate, rule, enrich, deduplicate, window; all of
 * it pure.
 */
@NullMarked
package dev.leat.pipeline;

import org.jspecify.annotations.NullMarked;
