package dev.penstock.controlplane.identity;

import dev.penstock.controlplane.ControlPlaneConfig;
import dev.penstock.controlplane.problem.Finding;
import dev.penstock.controlplane.problem.Problem;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.tenant.TenantLines;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The one place where it is decided whether a caller may do something, by the table of {@link
 * Permissions}. Blocks: it may ask the database where a tenant stands.
 *
 * <p>Who holds nothing at a tenant gets the answer that there is no such tenant; who holds
 * something there, but not enough, is told so.
 */
@Singleton
public class Gate {

  /** For how long a strong authentication is good for destructive actions. */
  static final Duration STEP_UP_AGE = Duration.ofMinutes(5);

  /** What is deleted without a step-up: taking access away must be quick. */
  private static final Set<String> QUICKLY_DELETED = Set.of("api-keys", "members", "join-tokens");

  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private final TenantLines lines;
  private final String stepUpAcr;
  private final Clock clock = Clock.systemUTC();

  Gate(TenantLines lines, ControlPlaneConfig config) {
    this.lines = lines;
    this.stepUpAcr = config.oidc().stepUpAcr();
  }

  /**
   * Ends the request unless the caller may do this.
   *
   * @param area a row of {@link Permissions}
   * @param tenant whose thing it is; empty: the platform's
   * @param field what a refusal names, where the thing stands in a body; may be empty
   */
  public void require(
      Caller caller, String area, Action action, Optional<String> tenant, String field) {
    if (!allows(caller.roles(), area, action)) {
      requireAtTenant(caller, area, action, tenant, field);
    }
    requireStepUp(caller, area, action);
  }

  private void requireAtTenant(
      Caller caller, String area, Action action, Optional<String> tenant, String field) {
    Set<Role> held = tenant.map(name -> heldAt(caller, name)).orElse(Set.of());
    if (allowAtTenant(held, area, action)) {
      return;
    }
    if (tenant.isPresent() && held.isEmpty() && !allows(caller.roles(), "tenants", Action.READ)) {
      throw refusal(NOT_FOUND, "Not found", field, "Tenant " + tenant.get() + " does not exist");
    }
    String verb = action.name().toLowerCase(Locale.ROOT);
    throw forbidden(field, "your roles do not allow to %s %s".formatted(verb, area));
  }

  /** How much of a list the caller may read; ends the request if that is nothing at all. */
  public Scope scope(Caller caller, String area) {
    if (allows(caller.roles(), area, Action.READ)) {
      return new Scope.Everything();
    }
    Set<String> tops =
        caller.tenants().entrySet().stream()
            .filter(held -> allowAtTenant(held.getValue(), area, Action.READ))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    if (tops.isEmpty()) {
      throw forbidden("", "your roles do not allow to read " + area);
    }
    return new Scope.Tenants(lines.downFrom(tops));
  }

  /**
   * Ends the request unless the caller may hand these roles out at a tenant: an admin of a tenant
   * makes admins and developers there, and takes away nothing else either.
   *
   * @param roles those before and those after
   * @param field what a refusal names
   */
  public void requireGrant(Caller caller, String tenant, Set<Role> roles, String field) {
    if (caller.roles().contains(Role.PLATFORM_ADMIN)) {
      return;
    }
    Set<Role> beyond = new HashSet<>(roles);
    if (heldAt(caller, tenant).contains(Role.TENANT_ADMIN)) {
      beyond.removeAll(Set.of(Role.TENANT_ADMIN, Role.TENANT_DEVELOPER));
    }
    if (!beyond.isEmpty()) {
      List<String> words = beyond.stream().map(Role::word).sorted().toList();
      throw forbidden(field, "only a platform-admin gives or takes " + words);
    }
  }

  /** What a caller is at a tenant, from there or from above. */
  private Set<Role> heldAt(Caller caller, String tenant) {
    if (caller.tenants().isEmpty()) {
      return Set.of();
    }
    return lines.upFrom(tenant).stream()
        .flatMap(each -> caller.tenants().getOrDefault(each, Set.of()).stream())
        .collect(Collectors.toSet());
  }

  private static boolean allows(Set<Role> roles, String area, Action action) {
    return roles.stream().anyMatch(role -> Permissions.allow(role, area, action));
  }

  private static boolean allowAtTenant(Set<Role> roles, String area, Action action) {
    return roles.stream().anyMatch(role -> Permissions.allowAtTenant(role, area, action));
  }

  /** The admin token has no login behind it that could be repeated. */
  private void requireStepUp(Caller caller, String area, Action action) {
    if (caller.kind() != Caller.Kind.OIDC
        || action != Action.DELETE
        || QUICKLY_DELETED.contains(area)) {
      return;
    }
    Instant oldest = clock.instant().minus(STEP_UP_AGE);
    if (caller.steppedUpAt().filter(at -> !at.isBefore(oldest)).isEmpty()) {
      throw new StepUpRequired(stepUpAcr, STEP_UP_AGE);
    }
  }

  private static ProblemException forbidden(String field, String detail) {
    return refusal(FORBIDDEN, "Forbidden", field, detail);
  }

  private static ProblemException refusal(int status, String title, String field, String detail) {
    return new ProblemException(
        field.isEmpty()
            ? Problem.of(status, title, detail)
            : Problem.of(status, title, List.of(new Finding(field, detail))));
  }
}
