package dev.penstock.kernel.snapshot;

import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import java.util.Map;
import java.util.Set;

/** Who may ask, as a snapshot knows them. */
public sealed interface Principal permits KeyRule, ServiceAccount {

  /** What finds it, and what a revocation names; no two have the same. */
  String id();

  /** Whose it is. */
  String tenant();

  /** Narrows the tenant's allow-list; empty does not. */
  Set<String> models();

  /** What every request of it carries, over the tenant's own. */
  Map<String, String> tags();
}
