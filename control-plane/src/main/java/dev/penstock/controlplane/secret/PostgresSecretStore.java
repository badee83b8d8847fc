package dev.penstock.controlplane.secret;

import dev.penstock.controlplane.secret.SecretRows.Row;
import jakarta.inject.Singleton;
import java.util.List;

/** Sealed values in Postgres, each under a data key of its own that a master key wraps. */
@Singleton
class PostgresSecretStore implements SecretStore {

  private final SecretRows rows;
  private final Envelope envelope;

  PostgresSecretStore(SecretRows rows, Envelope envelope) {
    this.rows = rows;
    this.envelope = envelope;
  }

  @Override
  public List<Secret> newest() {
    return rows.newest().stream().map(this::open).toList();
  }

  private Secret open(Row row) {
    byte[] value = envelope.open(sealName(row.tenant(), row.name(), row.version()), row.sealed());
    return new Secret(
        row.tenant(), row.name(), row.version(), row.regions(), new SecretValue(value));
  }

  @Override
  public void add(Secret secret) {
    String sealName = sealName(secret.tenant(), secret.name(), secret.version());
    rows.addVersion(
        new Row(
            secret.tenant(),
            secret.name(),
            secret.version(),
            secret.regions(),
            envelope.seal(sealName, secret.value().bytes())));
  }

  @Override
  public void remove(String tenant, String name) {
    rows.remove(tenant, name);
  }

  /** What a version's value is sealed under, so that no row opens in another one's place. */
  static String sealName(String tenant, String name, int version) {
    return tenant + "|" + name + "|" + version;
  }
}
