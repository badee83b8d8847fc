package dev.penstock.controlplane.problem;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns everything that is thrown at the edge into a problem; a fault is logged here, once. */
public final class ProblemMappers {

  private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
  private static final int INTERNAL_ERROR = 500;
  private static final int NOT_FOUND = 404;

  @ServerExceptionMapper
  public Response problem(ProblemException e) {
    return answer(e.problem());
  }

  @ServerExceptionMapper
  public Response webApplication(WebApplicationException e) {
    int status = e.getResponse().getStatus();
    if (status == NOT_FOUND) {
      return answer(Problem.of(NOT_FOUND, "Not found", "no such path"));
    }
    String title = e.getResponse().getStatusInfo().getReasonPhrase();
    return answer(Problem.of(status, title, title));
  }

  @ServerExceptionMapper
  public Response fault(Throwable fault) {
    String id = UUID.randomUUID().toString();
    LOG.errorf(fault, "request failed, id=%s", id);
    return answer(
        Problem.of(INTERNAL_ERROR, "Internal error", "our fault; the log has it under id " + id));
  }

  private static Response answer(Problem problem) {
    return Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem).build();
  }
}
