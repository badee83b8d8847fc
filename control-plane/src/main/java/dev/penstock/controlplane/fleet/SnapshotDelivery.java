package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.fleet.SessionAction.NoteAcked;
import dev.penstock.controlplane.fleet.SessionAction.NoteNacked;
import dev.penstock.controlplane.fleet.SessionAction.Say;
import dev.penstock.controlplane.fleet.SessionAction.Send;
import dev.penstock.kernel.snapshot.SnapshotDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which snapshot a node has, should have, and is being sent.
 *
 * <p>At most one snapshot is on its way; what is stored meanwhile coalesces to the newest. One that
 * the node refused is parked: it is not sent again until the content, hence the digest, is another.
 *
 * @param newest what the node should have; absent while its region has none
 * @param inForce digest of what it has; empty: none
 * @param announced newest revision that it was told it has
 * @param parked digest that it refused
 * @param onItsWay what was sent and is neither acknowledged nor refused
 * @param lastNonce nonces are not used twice in a session
 */
record SnapshotDelivery(
    Optional<PackedSnapshot> newest,
    byte[] inForce,
    long announced,
    Optional<byte[]> parked,
    Optional<OnItsWay> onItsWay,
    long lastNonce) {

  record OnItsWay(long nonce, PackedSnapshot snapshot) {}

  /** The delivery after a step, and what the step wants done. */
  record Step(SnapshotDelivery next, List<SessionAction> actions) {}

  static SnapshotDelivery start(byte[] inForce, Optional<byte[]> parked) {
    return new SnapshotDelivery(Optional.empty(), inForce, 0, parked, Optional.empty(), 0);
  }

  /** A snapshot was stored. An older one than the newest, from a replica that lags, is no news. */
  Step onStored(PackedSnapshot snapshot) {
    if (newest.isPresent() && newest.get().revision() >= snapshot.revision()) {
      return new Step(this, List.of());
    }
    return withNewest(snapshot).advance(List.of());
  }

  /** Whether this answers the snapshot that is on its way. */
  boolean isOnItsWay(long nonce, long revision) {
    return onItsWay
        .filter(sent -> sent.nonce() == nonce && sent.snapshot().revision() == revision)
        .isPresent();
  }

  boolean isTheDigestOnItsWay(byte[] digest) {
    return onItsWay
        .filter(sent -> SnapshotDigest.same(sent.snapshot().digest(), digest))
        .isPresent();
  }

  /** Whether the node has been told that it has the newest. */
  boolean announcedNewest() {
    return newest.filter(snapshot -> snapshot.revision() == announced).isPresent();
  }

  /** The snapshot on its way is in force. */
  Step onAcked() {
    PackedSnapshot acked = onItsWay.orElseThrow().snapshot();
    SnapshotDelivery next =
        new SnapshotDelivery(
            newest,
            acked.digest(),
            acked.revision(),
            Optional.empty(),
            Optional.empty(),
            lastNonce);
    return next.advance(List.of(new NoteAcked(acked.revision())));
  }

  /** The snapshot on its way was refused. */
  Step onNacked(List<Nack> nacks) {
    byte[] digest = onItsWay.orElseThrow().snapshot().digest();
    SnapshotDelivery next =
        new SnapshotDelivery(
            newest, inForce, announced, Optional.of(digest), Optional.empty(), lastNonce);
    return next.advance(List.of(new NoteNacked(digest, nacks)));
  }

  private Step advance(List<SessionAction> before) {
    List<SessionAction> actions = new ArrayList<>(before);
    if (newest.isEmpty() || onItsWay.isPresent()) {
      return new Step(this, actions);
    }
    PackedSnapshot wanted = newest.get();
    if (SnapshotDigest.same(wanted.digest(), inForce)) {
      if (announced < wanted.revision()) {
        actions.add(new Say(new ControlSays.UpToDate(wanted.revision())));
        actions.add(new NoteAcked(wanted.revision()));
      }
      return new Step(withAnnounced(wanted.revision()), actions);
    }
    if (parked.filter(digest -> SnapshotDigest.same(digest, wanted.digest())).isPresent()) {
      return new Step(this, actions);
    }
    long nonce = lastNonce + 1;
    actions.add(new Send(nonce, wanted));
    OnItsWay sent = new OnItsWay(nonce, wanted);
    return new Step(
        new SnapshotDelivery(newest, inForce, announced, parked, Optional.of(sent), nonce),
        actions);
  }

  private SnapshotDelivery withNewest(PackedSnapshot snapshot) {
    return new SnapshotDelivery(
        Optional.of(snapshot), inForce, announced, parked, onItsWay, lastNonce);
  }

  private SnapshotDelivery withAnnounced(long revision) {
    return new SnapshotDelivery(newest, inForce, revision, parked, onItsWay, lastNonce);
  }
}
