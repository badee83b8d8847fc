package dev.penstock.controlplane.admin;

import dev.penstock.controlplane.listing.FilteredList;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.lang.annotation.Annotation;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses what a request asks for and this build would ignore: a dry run that writes, or a filter
 * with a typo that answers everything, would be the worst of answers. An endpoint knows the
 * parameters and headers that its method declares, so none can forget to ask.
 */
public final class Unsupported {

  private static final List<String> HEADERS =
      List.of("If-Match", "If-None-Match", "Idempotency-Key");

  @ServerRequestFilter
  public void refuse(ResourceInfo endpoint, UriInfo uri, HttpHeaders headers) {
    List<String> known = declared(endpoint, QueryParam.class, QueryParam::value);
    boolean filters = endpoint.getResourceMethod().isAnnotationPresent(FilteredList.class);
    for (String parameter : uri.getQueryParameters().keySet()) {
      if (!known.contains(parameter) && !filters) {
        throw ProblemException.badRequest(
            parameter, "this build knows no such parameter here (expected: " + known + ")");
      }
    }
    List<String> honoured = declared(endpoint, HeaderParam.class, HeaderParam::value);
    for (String header : HEADERS) {
      if (headers.getHeaderString(header) != null && !honoured.contains(header)) {
        throw ProblemException.badRequest(header, "has no meaning here: leave it out");
      }
    }
  }

  private static <A extends Annotation> List<String> declared(
      ResourceInfo endpoint, Class<A> type, Function<A, String> name) {
    return Arrays.stream(endpoint.getResourceMethod().getParameters())
        .map((Parameter parameter) -> parameter.getAnnotation(type))
        .filter(Objects::nonNull)
        .map(name)
        .toList();
  }
}
