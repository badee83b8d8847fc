package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.enrolment.PresentedCertificate;
import dev.penstock.controlplane.fleet.SessionEvent.Answered;
import dev.penstock.controlplane.fleet.SessionEvent.Broken;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/** The sessions of this replica: at most one per node, the one that was admitted last. */
@Singleton
public class Fleet {

  private final ConcurrentMap<String, Session> byNode = new ConcurrentHashMap<>();

  /** A session has been admitted; the one it follows ends. */
  void join(Session session) {
    Session before = byNode.put(session.identity().name(), session);
    if (before != null && before != session) {
      before.post(
          new Broken(new EndCause(EndCause.Kind.REPLACED, "a newer session has this node")));
    }
  }

  /** A session is over. */
  void part(Session session) {
    byNode.remove(session.identity().name(), session);
  }

  /**
   * Tells the nodes of a region what they are to have.
   *
   * @param newlyRevoked keys that the newest snapshot before did not revoke
   */
  void publish(Offer offer, List<String> newlyRevoked) {
    for (Session session : byNode.values()) {
      if (session.identity().region().equals(offer.newest().region())) {
        session.offer(offer, newlyRevoked);
      }
    }
  }

  /** The nodes that have a session here. */
  Set<String> nodes() {
    return Set.copyOf(byNode.keySet());
  }

  /** Tells a node something that it has not asked for; nothing if it is gone. */
  void tell(String node, ControlSays says) {
    Session session = byNode.get(node);
    if (session != null) {
      session.post(new Answered(says));
    }
  }

  boolean isEmpty() {
    return byNode.isEmpty();
  }

  /** Ends the sessions for which there is a cause. */
  void endEach(Function<PresentedCertificate, Optional<EndCause>> cause) {
    for (Session session : byNode.values()) {
      cause.apply(session.certificate()).ifPresent(found -> session.post(new Broken(found)));
    }
  }

  /** The control plane stops: every node connects elsewhere, or again. */
  void dismiss() {
    byNode
        .values()
        .forEach(session ->
            session.post(
                new Broken(
                    new EndCause(EndCause.Kind.UNAVAILABLE, "the control plane is stopping"))));
  }
}
