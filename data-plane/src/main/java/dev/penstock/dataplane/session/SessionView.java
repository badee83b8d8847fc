package dev.penstock.dataplane.session;

/**
 * How the session stands.
 *
 * @param headRevision newest revision of the policy that the control plane has told of; 0: none
 * @param lastHeardNanos when it last gave a sign of life, monotonic
 */
public record SessionView(boolean connected, long headRevision, long lastHeardNanos) {

  static final SessionView NEVER = new SessionView(false, 0, 0);
}
