package dev.penstock.dataplane.session;

import dev.penstock.dataplane.session.ControlPlane.Link;

/**
 * Where the conversation stands.
 *
 * <pre>
 *   Waiting --toGreeting--> Greeting --toOpen--> Open
 *      ^                        |                  |
 *      +------- toWaiting ------+------------------+
 *   any --toStopped--> Stopped
 * </pre>
 */
sealed interface NodeSessionState {

  /** Nothing is connected; the next attempt is at a time (monotonic nanoseconds). */
  record Waiting(long attemptAt) implements NodeSessionState {}

  /** Hello has been sent; nothing else may be, before the Welcome. */
  record Greeting(Link link, long sinceNanos) implements NodeSessionState {}

  /** Both sides know each other. */
  record Open(Link link) implements NodeSessionState {}

  /** For good. */
  record Stopped() implements NodeSessionState {}

  default Greeting toGreeting(Link link, long now) {
    if (this instanceof Waiting) {
      return new Greeting(link, now);
    }
    throw illegal("Greeting");
  }

  default Open toOpen() {
    if (this instanceof Greeting(Link link, long since)) {
      return new Open(link);
    }
    throw illegal("Open");
  }

  default Waiting toWaiting(long attemptAt) {
    return switch (this) {
      case Greeting greeting -> new Waiting(attemptAt);
      case Open open -> new Waiting(attemptAt);
      case Waiting waiting -> throw illegal("Waiting");
      case Stopped stopped -> throw illegal("Waiting");
    };
  }

  default Stopped toStopped() {
    return new Stopped();
  }

  private IllegalStateException illegal(String next) {
    return new IllegalStateException(getClass().getSimpleName() + " -> " + next);
  }
}
