package dev.penstock.controlplane.admin;

import dev.penstock.controlplane.problem.ProblemException;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses what a request asks for and this build would ignore: a dry run that writes, or a filter
 * with a typo that answers everything, would be the worst of answers. An endpoint knows the
 * parameters that its method declares, so none can forget to ask.
 */
public final class Unsupported {

  private static final List<String> HEADERS =
      List.of("If-Match", "If-None-Match", "Idempotency-Key");

  @ServerRequestFilter
  public void refuse(ResourceInfo endpoint, UriInfo uri, HttpHeaders headers) {
    List<String> known = parameters(endpoint);
    for (String parameter : uri.getQueryParameters().keySet()) {
      if (!known.contains(parameter)) {
        throw ProblemException.badRequest(
            parameter, "this build knows no such parameter here (expected: " + known + ")");
      }
    }
    for (String header : HEADERS) {
      if (headers.getHeaderString(header) != null) {
        throw ProblemException.badRequest(header, "this build does not honour this header yet");
      }
    }
  }

  private static List<String> parameters(ResourceInfo endpoint) {
    return Arrays.stream(endpoint.getResourceMethod().getParameters())
        .map((Parameter parameter) -> parameter.getAnnotation(QueryParam.class))
        .filter(Objects::nonNull)
        .map(QueryParam::value)
        .toList();
  }
}
