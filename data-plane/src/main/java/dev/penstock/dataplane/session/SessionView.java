package dev.penstock.dataplane.session;

/**
 * How the session stands.
 *
 * @param headRevision newest revision of the policy that the control plane has told of; 0: none
 * @param lastHeardNanos when it last gave a sign of life, monotonic
 * @param down why it is not connected; {@link Down#NONE} where it is
 */
public record SessionView(boolean connected, long headRevision, long lastHeardNanos, Down down) {

  static final SessionView NEVER = new SessionView(false, 0, 0, Down.STARTING);
}
