package dev.penstock.controlplane.identity;

import dev.penstock.controlplane.problem.Problem;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Asks the {@link Gate} about every request, by the operation that the routing has found and never
 * by the path as it was sent: what is asked about is what is then done.
 */
public final class GateFilter {

  private static final int UNAUTHORIZED = 401;

  private final Gate gate;
  private final CurrentCaller caller;
  private final Memberships memberships;

  GateFilter(Gate gate, CurrentCaller caller, Memberships memberships) {
    this.gate = gate;
    this.caller = caller;
    this.memberships = memberships;
  }

  /** After the filters that look at texts: no tenant is looked up that the database cannot name. */
  @ServerRequestFilter(priority = Priorities.USER + 1000)
  public void require(ResourceInfo endpoint, UriInfo uri, ContainerRequestContext request) {
    Caller known = withMemberships(caller.get());
    caller.set(known);
    Optional<Operation> operation =
        Operation.of(template(endpoint), request.getMethod(), uri.getPathParameters());
    caller.reach(operation.map(Operation::action).orElse(Action.WRITE));
    operation.ifPresent(asked -> require(known, asked));
  }

  private Caller withMemberships(Caller known) {
    return known.subjects().isEmpty()
        ? known
        : known.with(RowSecurity.widened(() -> memberships.of(known.subjects())));
  }

  private void require(Caller known, Operation operation) {
    Optional<String> tenant = operation.tenant();
    if (tenant.isEmpty() && operation.action() == Action.READ) {
      gate.scope(known, operation.area()); // a list, or one of those found later: at least some
      return;
    }
    gate.require(known, operation.area(), operation.action(), tenant, "");
  }

  private static String template(ResourceInfo endpoint) {
    Path ofClass = endpoint.getResourceClass().getAnnotation(Path.class);
    Path ofMethod = endpoint.getResourceMethod().getAnnotation(Path.class);
    return (ofClass == null ? "" : ofClass.value())
        + "/"
        + (ofMethod == null ? "" : ofMethod.value());
  }

  @ServerExceptionMapper
  public Response stepUp(StepUpRequired required) {
    return Response.status(UNAUTHORIZED)
        .header(HttpHeaders.WWW_AUTHENTICATE, required.challenge())
        .type(Problem.MEDIA_TYPE)
        .entity(Problem.of(UNAUTHORIZED, "Step-up required", required.detail()))
        .build();
  }
}
