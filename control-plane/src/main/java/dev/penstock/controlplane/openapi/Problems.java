package dev.penstock.controlplane.openapi;

import dev.penstock.controlplane.problem.Problem;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;

/** The problems that an operation can end in, by what it is and takes. */
final class Problems {

  private Problems() {}

  static void describe(String path, HttpMethod method, Operation operation) {
    add(operation, 400, "A parameter, a header or the body makes no sense");
    add(
        operation,
        401,
        "No good token; or a destructive action without a login fresh and strong enough");
    add(operation, 403, "The roles of the caller do not allow it");
    if (path.contains("{")) {
      add(operation, 404, "Not there");
    }
    if (method == HttpMethod.DELETE) {
      add(operation, 409, "Something refers to it");
    }
    if (method == HttpMethod.POST && operation.getOperationId().startsWith("create")) {
      add(operation, 409, "There is one of that name");
    }
    if (operation.getOperationId().equals("resumeRollout")) {
      add(operation, 409, "It is not stopped");
    }
    if (takes(operation, "If-Match")) {
      add(operation, 412, "It has changed since the caller saw it");
    }
    if (method == HttpMethod.PUT) {
      add(operation, 428, "If-Match is missing");
    }
    if (operation.getRequestBody() != null) {
      add(operation, 422, "It can be read but not be carried out; each field is named");
    }
  }

  private static boolean takes(Operation operation, String header) {
    return operation.getParameters() != null
        && operation.getParameters().stream().anyMatch(each -> header.equals(each.getName()));
  }

  private static void add(Operation operation, int status, String description) {
    operation
        .getResponses()
        .addAPIResponse(
            Integer.toString(status),
            OASFactory.createAPIResponse()
                .description(description)
                .content(Refs.content(Problem.MEDIA_TYPE, "Problem")));
  }
}
