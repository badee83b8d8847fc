package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.enrolment.PresentedCertificate;
import dev.penstock.controlplane.fleet.SessionEvent.Broken;
import dev.penstock.controlplane.fleet.SessionEvent.Said;
import jakarta.inject.Singleton;

/** Where {@code wire} hands in a node that has connected. */
@Singleton
public class Switchboard {

  private final Fleet fleet;
  private final Desks desks;

  Switchboard(Fleet fleet, Desks desks) {
    this.fleet = fleet;
    this.desks = desks;
  }

  /** What {@code wire} tells about a line; none of it waits. */
  public interface Ear {

    /** The node said something. */
    void onSaid(NodeSaid said);

    /** The line takes writes again. */
    void onWritable();

    /** The line is gone. */
    void onGone();
  }

  /** Begins a session. */
  public Ear connect(PresentedCertificate certificate, SessionLine line) {
    Session session = new Session(certificate, line, fleet, desks);
    // A virtual thread that waits for the database costs several hand-offs a round trip, and a node
    // has one session: docs/performance.md, lease messages.
    Thread.ofPlatform().daemon().name("session of " + certificate.identity().name()).start(session);
    return new Ear() {
      @Override
      public void onSaid(NodeSaid said) {
        session.post(new Said(said));
      }

      @Override
      public void onWritable() {
        session.onWritable();
      }

      @Override
      public void onGone() {
        session.post(new Broken(new EndCause(EndCause.Kind.NODE_GONE, "the line is gone")));
      }
    };
  }
}
