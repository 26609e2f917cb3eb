/**
 * What is out of the ordinary in a series of numbers, and who is to hear of it: baselines, bands,
 * incidents, silences; all of it pure.
 */
@NullMarked
package dev.leat.alert;

import org.jspecify.annotations.NullMarked;
