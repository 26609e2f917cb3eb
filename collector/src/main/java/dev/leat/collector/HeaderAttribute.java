package dev.leat.collector;

/**
 * One attribute of an event in binary mode, as its header says it.
 *
 * @param name without its prefix, in lower case
 * @param encoded whether quotes and percent signs are to be undone, as in all headers but {@code
 *     Content-Type}
 */
public record HeaderAttribute(String name, String value, boolean encoded) {}
