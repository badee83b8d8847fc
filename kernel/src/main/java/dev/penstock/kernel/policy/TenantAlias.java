package dev.penstock.kernel.policy;

/**
 * The name under which a region knows a tenant that may not be there: its keys can be told from
 * strangers' and refused with the right reason, and nothing else of the tenant is disclosed.
 */
public final class TenantAlias {

  /** No tenant's name begins like this. */
  private static final String MARK = "~";

  private TenantAlias() {}

  /** {@code token} is opaque: nobody outside the control plane can lead it back to a name. */
  public static String of(String token) {
    return MARK + token;
  }

  public static boolean isAlias(String tenant) {
    return tenant.startsWith(MARK);
  }
}
