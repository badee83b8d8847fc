package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import java.util.List;

/** How finds stand in an exchange's record, and are counted. Holds nothing. */
final class FindingRecord {

  static final String STEP = "screen";

  /** So many findings a record shows one by one. */
  private static final int MAX_FINDINGS_SHOWN = 32;

  private FindingRecord() {}

  /**
   * @param what they were found in, such as {@code "answer: "}; empty: the request
   */
  static void write(
      ExchangeTrace trace,
      ExchangeMetrics metrics,
      String what,
      List<Finding> findings,
      Unsearched unsearched) {
    findings.stream()
        .limit(MAX_FINDINGS_SHOWN)
        .forEach(each -> trace.pass(STEP, what + each.reason()));
    if (findings.size() > MAX_FINDINGS_SHOWN) {
      trace.pass(STEP, what + (findings.size() - MAX_FINDINGS_SHOWN) + " further findings");
    }
    unsearched.reason().ifPresent(reason -> trace.pass(STEP, what + reason));
    findings.forEach(each -> metrics.guardVerdict(each.type(), each.effect().label()));
  }
}
