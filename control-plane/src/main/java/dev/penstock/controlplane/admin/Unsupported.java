package dev.penstock.controlplane.admin;

import dev.penstock.controlplane.problem.ProblemException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;

/**
 * Refuses what a request asks for and this build would ignore: a dry run that writes would be the
 * worst of answers.
 */
final class Unsupported {

  private static final List<String> HEADERS =
      List.of("If-Match", "If-None-Match", "Idempotency-Key");

  private Unsupported() {}

  static void refuse(UriInfo uri, HttpHeaders headers, String... parameters) {
    List<String> known = List.of(parameters);
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
}
