package dev.penstock.controlplane.secret;

import java.util.List;

/**
 * Where upstream credentials are kept. Postgres is the default; what every other place has to do is
 * what {@code SecretStoreContract} asks of it.
 *
 * <p>A version, once added, is never changed; a repeated call changes nothing. A store that shares
 * the caller's database does so in the caller's transaction.
 */
public interface SecretStore {

  /** The newest version of every secret, opened. */
  List<Secret> newest();

  /** Adds a version, which the secret names. */
  void add(Secret secret);

  /** Forgets all versions of a secret; nothing happens where there are none. */
  void remove(String tenant, String name);
}
