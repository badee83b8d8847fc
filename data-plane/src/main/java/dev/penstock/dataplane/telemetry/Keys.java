package dev.penstock.dataplane.telemetry;

/** Names of metrics and labels; the one list of them. */
public final class Keys {

  public static final String EXCHANGES = "penstock.exchanges";
  public static final String EXCHANGES_WOULD_DENY = "penstock.exchanges.would.deny";
  public static final String GUARD_VERDICTS = "penstock.guard.verdicts";
  public static final String EXCHANGES_RUNNING = "penstock.exchanges.running";
  public static final String REQUESTS_UNREADABLE = "penstock.requests.unreadable";
  public static final String RECORDS_DROPPED = "penstock.records.dropped";
  public static final String TTFT_UPSTREAM = "penstock.ttft.upstream";
  public static final String TTFT_DELIVERED = "penstock.ttft.delivered";
  public static final String SNAPSHOT_REVISION = "penstock.snapshot.revision";
  public static final String POLICY_AGE_SECONDS = "penstock.policy.age.seconds";
  public static final String POLICY_STALE_TENANTS = "penstock.policy.stale.tenants";

  /** Since the identity provider's keys were fetched last; only where tokens are taken. */
  public static final String TOKEN_KEYS_AGE_SECONDS = "penstock.token.keys.age.seconds";

  public static final String SPOOL_BYTES = "penstock.spool.bytes";
  public static final String SPOOL_UNACKED = "penstock.spool.unacked";
  public static final String HOLDS_OPEN = "penstock.budget.holds.open";

  public static final String SESSION_DOWN = "penstock.session.down";
  public static final String CERTIFICATE_REMAINING_SECONDS =
      "penstock.certificate.remaining.seconds";

  public static final String OUTCOME = "outcome";
  public static final String CODE = "code";
  public static final String REASON = "reason";
  public static final String DETECTOR = "detector";
  public static final String ACTION = "action";

  private Keys() {}
}
