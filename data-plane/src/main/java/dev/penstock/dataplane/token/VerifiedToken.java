package dev.penstock.dataplane.token;

import java.util.Objects;

/**
 * What a good token says of its bearer.
 *
 * @param clientId the client that it was given to
 * @param clientHash what finds the client in a snapshot
 * @param organization the one organization it names
 * @param expiresAtUnixMillis when it ends, without leeway
 */
public record VerifiedToken(
    String clientId, String clientHash, String organization, long expiresAtUnixMillis) {

  public VerifiedToken {
    Objects.requireNonNull(clientId, "clientId");
    Objects.requireNonNull(clientHash, "clientHash");
    Objects.requireNonNull(organization, "organization");
  }
}
