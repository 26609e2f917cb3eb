package dev.leat.alert;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An incident: one series that is, or was, out of the ordinary for a stretch of time. Immutable.
 *
 * @param id counted up; never given twice
 * @param finding what was found last
 * @param severity the worst so far
 * @param opened when it was noticed
 * @param ended when it was over; null while it is not
 * @param told the severities that somebody was told of
 * @param held why nobody is told; empty if somebody is
 */
public record Alert(
    long id,
    Finding finding,
    Severity severity,
    Instant opened,
    @Nullable Instant ended,
    Set<Severity> told,
    String held) {
  public Alert {
    told = Set.copyOf(told);
  }

  public boolean isOpen() {
    return ended == null;
  }

  Alert found(Finding next) {
    Severity worst = next.severity().compareTo(severity) > 0 ? next.severity() : severity;
    return new Alert(id, next, worst, opened, null, told, held);
  }

  Alert over(Instant now) {
    return new Alert(id, finding, severity, opened, now, told, held);
  }

  Alert held(String why) {
    return new Alert(id, finding, severity, opened, ended, told, why);
  }

  /** Told of its severity, and of those below it, which need not be told any more. */
  Alert toldNow() {
    Set<Severity> all = EnumSet.range(Severity.INFO, severity);
    return new Alert(id, finding, severity, opened, ended, all, "");
  }
}
