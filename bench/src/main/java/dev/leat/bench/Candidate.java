package dev.leat.bench;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A system that is compared.
 *
 * @param name for the command line and for files
 * @param title for people
 * @param lacks what of the work it does not do, or how it does it otherwise
 * @param checks by what its results are judged; null if it has none
 * @param decides whether it does more than to keep events
 */
record Candidate(
    String name,
    String title,
    String lacks,
    ShopOracle.@Nullable Checks checks,
    boolean decides,
    Supplier<Subject> make) {}
