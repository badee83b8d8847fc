package dev.penstock.controlplane.audit;

import dev.penstock.controlplane.audit.AuditEvent.Action;
import dev.penstock.controlplane.identity.Caller;
import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.problem.Problem;
import dev.penstock.controlplane.problem.StorableText;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.BlockingOperationControl;
import jakarta.inject.Provider;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Appends the writes that the admin API refused; the transaction of such a write was rolled back,
 * so the event has its own. Callers whom nobody knows are counted and not stored: a stranger must
 * not be able to fill the log.
 */
public final class RefusedWrites {

  private static final Logger LOG = Logger.getLogger(RefusedWrites.class);
  private static final String UNAUTHENTICATED = "penstock.admin.unauthenticated";

  /** What is posted to be told something, and writes nothing. */
  private static final List<String> LOOKS = List.of("/plan", "/guards/try");

  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int INTERNAL_ERROR = 500;
  private static final int MAX_TEXT = 1024;

  /** Not the log itself: filters are made before the database can be reached. */
  private final Provider<AuditLog> log;

  private final Provider<MeterRegistry> meters;

  private final CurrentCaller caller;

  RefusedWrites(Provider<AuditLog> log, Provider<MeterRegistry> meters, CurrentCaller caller) {
    this.log = log;
    this.meters = meters;
    this.caller = caller;
  }

  @ServerResponseFilter
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    int status = response.getStatus();
    Optional<Caller> known = caller.known();
    if (status == UNAUTHORIZED && known.isEmpty()) {
      meters.get().counter(UNAUTHENTICATED).increment();
      return;
    }
    boolean refused = status >= BAD_REQUEST && status < INTERNAL_ERROR;
    if (!refused
        || !isWrite(request)
        || known.isEmpty()
        || !(response.getEntity() instanceof Problem problem)) {
      return;
    }
    AuditEvent event =
        AuditEvent.refusedWrite(
            Instant.now(),
            known.get().name(),
            action(request.getMethod()),
            text(request.getUriInfo().getPath()),
            text(status + " " + problem.detail()));
    if (BlockingOperationControl.isBlockingAllowed()) {
      append(event);
    } else {
      Thread.startVirtualThread(() -> append(event));
    }
  }

  /** A write that is refused is no less refused when this fails, so the answer does not change. */
  private void append(AuditEvent event) {
    try {
      log.get().appendAlone(event);
    } catch (SQLException e) {
      LOG.warnf("a refused write is missing from the audit log: %s", e.getMessage());
    }
  }

  private static boolean isWrite(ContainerRequestContext request) {
    return switch (request.getMethod()) {
      case HttpMethod.POST -> LOOKS.stream().noneMatch(request.getUriInfo().getPath()::endsWith);
      case HttpMethod.PUT, HttpMethod.DELETE -> true;
      default -> false;
    };
  }

  private static Action action(String method) {
    return switch (method) {
      case HttpMethod.PUT -> Action.UPDATE;
      case HttpMethod.DELETE -> Action.DELETE;
      default -> Action.WRITE;
    };
  }

  private static String text(String text) {
    String storable = StorableText.allows(text) ? text : text.replace('\0', '?');
    return storable.length() <= MAX_TEXT ? storable : storable.substring(0, MAX_TEXT);
  }
}
