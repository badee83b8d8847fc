package dev.penstock.controlplane.admin;

import dev.penstock.controlplane.manifest.Findings;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Manifest;
import dev.penstock.controlplane.manifest.ManifestReader;
import dev.penstock.controlplane.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a new tenant gets beside its own manifest, in the same revision. There is one template,
 * {@code closed}: a policy that allows nothing until somebody says what.
 */
final class TenantTemplate {

  private static final String PARAMETER = "template";
  private static final String CLOSED = "closed";
  private static final String POLICY =
      """
      [{"apiVersion": "penstock.dev/v1", "kind": "Policy",
        "metadata": {"tenant": "%s", "name": "default"},
        "spec": {"mode": "enforce", "models": {"allow": []}, "unknownPrice": "refuse",
          "content": {"store": "none"}}}]\
      """;

  private TenantTemplate() {}

  /** The manifests that a template adds; none where no template is asked for. */
  static List<Manifest> read(
      @Nullable String template, Manifest created, ManifestReader reader, Findings findings) {
    if (template == null) {
      return List.of();
    }
    if (created.ref().kind() != Kind.TENANT) {
      throw ProblemException.badRequest(PARAMETER, "only a tenant is made from a template");
    }
    if (!template.equals(CLOSED)) {
      throw ProblemException.badRequest(PARAMETER, "expected " + CLOSED);
    }
    byte[] policy = POLICY.formatted(created.ref().name()).getBytes(StandardCharsets.UTF_8);
    return reader.readJson(policy, findings);
  }
}
