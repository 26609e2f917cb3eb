/**
 * Hunts for loss, duplication and wrong answers: a simulation of the house on a disk that forgets,
 * and real servers that are killed, starved and damaged. Sees every room; nobody sees it.
 */
@NullMarked
package dev.leat.trials;

import org.jspecify.annotations.NullMarked;
