package dev.penstock.controlplane.admin;

import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.problem.StorableText;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses texts in paths and queries with which the database could not even be asked. */
public final class RequestTexts {

  @ServerRequestFilter
  public void refuse(UriInfo uri) {
    check(uri.getPathParameters());
    check(uri.getQueryParameters());
  }

  private static void check(MultivaluedMap<String, String> parameters) {
    parameters.forEach((name, texts) -> {
      if (!texts.stream().allMatch(StorableText::allows)) {
        throw ProblemException.badRequest(name, StorableText.EXPECTED);
      }
    });
  }
}
