package dev.penstock.kernel.snapshot;

/** Limits known to both planes: a write that would break one is refused, a snapshot is NACKed. */
public final class SnapshotLimits {

  /** Largest payload of one resource. */
  public static final int MAX_RESOURCE_BYTES = 256 * 1024;

  /** Largest snapshot: sum of all payloads. */
  public static final int MAX_SNAPSHOT_BYTES = 64 * 1024 * 1024;

  /** Most resources in a snapshot. */
  public static final int MAX_RESOURCES = 100_000;

  /** Resources are sent in chunks of about this many bytes. */
  public static final int CHUNK_BYTES = 64 * 1024;

  /** Most API keys in one shard of a tenant's keys, on average. */
  public static final int KEYS_PER_SHARD = 64;

  /** Most budgets that may bind one request. */
  public static final int MAX_BUDGETS_PER_REQUEST = 16;

  /** Most budgets on a tenant's path, whomever they bind: a node looks at each of them. */
  public static final int MAX_BUDGETS_PER_PATH = 200;

  /** Most rate limits that may bind one request. */
  public static final int MAX_RATE_LIMITS_PER_REQUEST = 16;

  /** Most service accounts of one tenant; they are part of one resource. */
  public static final int MAX_SERVICE_ACCOUNTS_PER_TENANT = 500;

  /**
   * A snapshot that removes more than this part of the tenants or keys has to say that it means it.
   */
  public static final double MASS_DELETE_FRACTION = 0.2;

  private SnapshotLimits() {}
}
