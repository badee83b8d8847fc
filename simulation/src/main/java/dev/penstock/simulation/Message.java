package dev.penstock.simulation;

import dev.penstock.kernel.lease.LeaseAsk;
import dev.penstock.kernel.lease.LeaseEnd;
import dev.penstock.kernel.lease.LeaseGrant;
import dev.penstock.kernel.lease.LeaseRecall;
import dev.penstock.kernel.lease.LeaseReturn;
import java.util.List;
import java.util.UUID;

/** What travels between a node and the control plane. */
sealed interface Message {

  /** Of a node; of which process of it is said beside. */
  sealed interface FromNode extends Message {}

  record Ask(LeaseAsk ask) implements FromNode {}

  record Return(LeaseReturn given) implements FromNode {}

  record End(LeaseEnd end) implements FromNode {}

  record Used(long firstSeq, List<SimDisk.Record> records) implements FromNode {}

  record Alive() implements FromNode {}

  /** Who says something. */
  record Sender(String node, UUID spoolId, long incarnation) {}

  /** Of the control plane. */
  sealed interface FromControl extends Message {}

  /**
   * @param added what was added just now; only a broken design looks at it
   */
  record Grant(LeaseGrant grant, long added) implements FromControl {}

  record Recall(LeaseRecall recall) implements FromControl {}

  record Closed(String leaseId) implements FromControl {}

  record Acked(UUID spoolId, long ackedSeq) implements FromControl {}
}
