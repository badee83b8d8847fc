package dev.penstock.dataplane.journal;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The spool's own account of each lease: its total grant, what the settlements in the log add up
 * to, and how many holds in the log draw on it. Guarded by the spool's lock.
 *
 * <p>What is consumed follows from the log and from nothing else, so that a line written at any
 * place of the log and the settlements after it always give the true total.
 */
final class LeaseLines {

  /** Two UUID texts, three amounts, a state, their tags and the frame. */
  static final int MAX_LINE_BYTES = 160;

  private final RecordCodec codec;
  private final Map<String, LeaseLine> lines;
  private final Map<String, Integer> openHolds = new HashMap<>();

  LeaseLines(RecordCodec codec, Map<String, LeaseLine> lines) {
    this.codec = codec;
    this.lines = new LinkedHashMap<>(lines);
  }

  List<byte[]> encoded() {
    return lines.values().stream().map(codec::lease).toList();
  }

  List<LeaseLine> all() {
    return List.copyOf(lines.values());
  }

  int size() {
    return lines.size();
  }

  Optional<LeaseLine> get(String leaseId) {
    return Optional.ofNullable(lines.get(leaseId));
  }

  /** The line as the log has to hold it: with the log's own total of what was consumed. */
  LeaseLine completed(LeaseLine line) {
    LeaseLine before = lines.get(line.leaseId());
    return line.withConsumed(before == null ? 0 : before.consumed());
  }

  void put(LeaseLine line) {
    if (line.state() == LeaseLine.State.CLOSED) {
      lines.remove(line.leaseId());
      return;
    }
    lines.put(line.leaseId(), line);
  }

  void onHeld(List<String> leaseIds) {
    leaseIds.forEach(id -> openHolds.merge(id, 1, Integer::sum));
  }

  void onReleased(List<String> leaseIds) {
    leaseIds.forEach(id -> openHolds.computeIfPresent(id, (key, n) -> n == 1 ? null : n - 1));
  }

  boolean isHeld(String leaseId) {
    return openHolds.containsKey(leaseId);
  }

  void onCharged(List<ExchangeRecord.Charge> charges) {
    for (ExchangeRecord.Charge charge : charges) {
      lines.computeIfPresent(
          charge.leaseId(), (id, line) -> line.plusConsumed(charge.cost().value()));
    }
  }
}
