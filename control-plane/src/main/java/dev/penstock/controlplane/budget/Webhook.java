package dev.penstock.controlplane.budget;

import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import java.util.Objects;

/**
 * Who is told of a budget's alerts.
 *
 * @param url without user, query or fragment
 * @param secretTenant whose secret signs them
 */
public record Webhook(String url, String secretTenant, String secretName) {
  public Webhook {
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(secretTenant, "secretTenant");
    Objects.requireNonNull(secretName, "secretName");
  }

  public ResourceRef secret() {
    return ResourceRef.ofTenant(Kind.SECRET, secretTenant, secretName);
  }
}
