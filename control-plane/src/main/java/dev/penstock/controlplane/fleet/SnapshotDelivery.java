package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.fleet.SessionAction.NoteAcked;
import dev.penstock.controlplane.fleet.SessionAction.NoteNacked;
import dev.penstock.controlplane.fleet.SessionAction.Say;
import dev.penstock.controlplane.fleet.SessionAction.Send;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import dev.penstock.kernel.snapshot.SnapshotDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which snapshot a node has, should have, and is being sent.
 *
 * <p>At most one snapshot is on its way; what is stored meanwhile coalesces to the newest. One that
 * the node refused is parked: it is not sent again until the content, hence the digest, is another.
 * A delta is sent where the node takes them and has one of the last revisions; if it answers that
 * it has another one, or that something else came of it, the whole is sent next.
 *
 * @param newest what the node should have; absent while its region has none
 * @param inForce digest of what it has; empty: none
 * @param announced newest revision that it was told it has
 * @param parked digest that it refused
 * @param onItsWay what was sent and is neither acknowledged nor refused
 * @param lastNonce nonces are not used twice in a session
 * @param deltas whether the next one may be a delta
 */
record SnapshotDelivery(
    Optional<PackedSnapshot> newest,
    byte[] inForce,
    long announced,
    Optional<byte[]> parked,
    Optional<OnItsWay> onItsWay,
    long lastNonce,
    Deltas deltas) {

  /** What the codes of a refused delta are that ask for the whole. */
  private static final Set<String> NOT_ON_THIS_BASE =
      Set.of(Code.BASE_MISMATCH.name(), Code.DIGEST_MISMATCH.name());

  record OnItsWay(long nonce, Transfer transfer) {
    PackedSnapshot snapshot() {
      return transfer.snapshot();
    }
  }

  /** Whether a node is sent deltas. */
  enum Deltas {
    /** It does not know them. */
    NEVER,
    /** The last one did not fit on what it has. */
    NOT_NOW,
    TAKEN
  }

  /** The delivery after a step, and what the step wants done. */
  record Step(SnapshotDelivery next, List<SessionAction> actions) {}

  static SnapshotDelivery start(byte[] inForce, Optional<byte[]> parked, boolean takesDelta) {
    return new SnapshotDelivery(
        Optional.empty(),
        inForce,
        0,
        parked,
        Optional.empty(),
        0,
        takesDelta ? Deltas.TAKEN : Deltas.NEVER);
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
            lastNonce,
            deltas == Deltas.NOT_NOW ? Deltas.TAKEN : deltas);
    return next.advance(List.of(new NoteAcked(acked.revision())));
  }

  /**
   * The snapshot on its way was refused, wholly or in part.
   *
   * @param keptRevision what the node goes on serving; the snapshot's own where only some tenants'
   *     resources were refused, and the rest is in force
   */
  Step onNacked(List<Nack> nacks, long keptRevision) {
    OnItsWay refused = onItsWay.orElseThrow();
    byte[] digest = refused.snapshot().digest();
    boolean whole =
        refused.transfer().isDelta()
            && nacks.stream().map(Nack::code).anyMatch(NOT_ON_THIS_BASE::contains);
    boolean inPart = keptRevision == refused.snapshot().revision();
    SnapshotDelivery next =
        new SnapshotDelivery(
            newest,
            inPart ? digest : inForce,
            announced,
            whole ? parked : Optional.of(digest),
            Optional.empty(),
            lastNonce,
            whole ? Deltas.NOT_NOW : deltas);
    // A delta that did not fit is no refusal of what it says: the whole follows, and is judged.
    return next.advance(whole ? List.of() : List.of(new NoteNacked(digest, nacks)));
  }

  private Step advance(List<SessionAction> before) {
    List<SessionAction> actions = new ArrayList<>(before);
    if (newest.isEmpty() || onItsWay.isPresent()) {
      return new Step(this, actions);
    }
    PackedSnapshot wanted = newest.get();
    if (parked.filter(digest -> SnapshotDigest.same(digest, wanted.digest())).isPresent()) {
      return new Step(this, actions);
    }
    if (SnapshotDigest.same(wanted.digest(), inForce)) {
      if (announced < wanted.revision()) {
        actions.add(new Say(new ControlSays.UpToDate(wanted.revision())));
        actions.add(new NoteAcked(wanted.revision()));
      }
      return new Step(withAnnounced(wanted.revision()), actions);
    }
    long nonce = lastNonce + 1;
    Transfer transfer = deltas == Deltas.TAKEN ? wanted.on(inForce) : wanted.whole();
    actions.add(new Send(nonce, transfer));
    OnItsWay sent = new OnItsWay(nonce, transfer);
    return new Step(
        new SnapshotDelivery(newest, inForce, announced, parked, Optional.of(sent), nonce, deltas),
        actions);
  }

  private SnapshotDelivery withNewest(PackedSnapshot snapshot) {
    return new SnapshotDelivery(
        Optional.of(snapshot), inForce, announced, parked, onItsWay, lastNonce, deltas);
  }

  private SnapshotDelivery withAnnounced(long revision) {
    return new SnapshotDelivery(newest, inForce, revision, parked, onItsWay, lastNonce, deltas);
  }
}
