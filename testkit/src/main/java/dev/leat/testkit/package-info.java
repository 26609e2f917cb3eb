/**
 * How we know: contract tests for the promises, generators, reference models, simulated disk and
 * time.
 */
@NullMarked
package dev.leat.testkit;

import org.jspecify.annotations.NullMarked;
