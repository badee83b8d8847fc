package dev.penstock.kernel.snapshot;

/** The keys of a snapshot's resources; what follows a key's first word tells the payload's type. */
public final class ResourceKeys {

  public static final String TENANT = "tenant/";
  public static final String MODEL = "model/";
  public static final String PROVIDER = "provider/";
  public static final String SECRET = "secret/";
  public static final String PEPPER = "pepper/";

  private static final String POLICY_SUFFIX = "/policy";
  private static final String ROUTES_SUFFIX = "/routes";
  private static final String GUARDS_SUFFIX = "/guards";
  private static final String KEYS = "/keys/";

  private ResourceKeys() {}

  public static String tenantPolicy(String tenant) {
    return TENANT + tenant + POLICY_SUFFIX;
  }

  public static String apiKeys(String tenant, int shard) {
    return TENANT + tenant + KEYS + shard;
  }

  public static String routes(String tenant) {
    return TENANT + tenant + ROUTES_SUFFIX;
  }

  public static String guards(String tenant) {
    return TENANT + tenant + GUARDS_SUFFIX;
  }

  public static String model(String model) {
    return MODEL + model;
  }

  public static String provider(String provider) {
    return PROVIDER + provider;
  }

  public static String secret(String tenant, String secret) {
    return SECRET + tenant + "/" + secret;
  }

  public static String pepper(int version) {
    return PEPPER + version;
  }

  /** Whether a key is of a tenant's routes. */
  public static boolean isTenantRoutes(String key) {
    return key.startsWith(TENANT) && key.endsWith(ROUTES_SUFFIX);
  }

  /** Whether a key is of a tenant's guards. */
  public static boolean isTenantGuards(String key) {
    return key.startsWith(TENANT) && key.endsWith(GUARDS_SUFFIX);
  }

  /** Whether a key is of a shard of one tenant's API keys. */
  public static boolean isApiKeys(String key) {
    int afterTenant = key.indexOf('/', TENANT.length());
    return key.startsWith(TENANT) && afterTenant > 0 && key.startsWith(KEYS, afterTenant);
  }

  /** Whether a key is of a tenant's policy. */
  public static boolean isTenantPolicy(String key) {
    return key.startsWith(TENANT) && key.endsWith(POLICY_SUFFIX);
  }
}
