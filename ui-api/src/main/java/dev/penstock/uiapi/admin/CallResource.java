package dev.penstock.uiapi.admin;

import dev.penstock.uiapi.admin.AdminApi.Call;
import dev.penstock.uiapi.admin.AdminCalls.AdminCall;
import dev.penstock.uiapi.problem.Problem;
import dev.penstock.uiapi.problem.Problem.Finding;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The listed calls of the admin API, for pages: same paths, same answers. */
@Path("/api/admin/{path: .*}")
public class CallResource {

  private static final List<String> HEADERS = List.of("If-Match", "Idempotency-Key");
  private static final int NOT_FOUND = 404;
  private static final int BAD_REQUEST = 400;

  private final AdminApi admin;

  CallResource(AdminApi admin) {
    this.admin = admin;
  }

  @GET
  public Uni<Response> get(
      @PathParam("path") String path, @Context UriInfo uri, @Context HttpHeaders headers) {
    return pass("GET", path, uri, headers, new byte[0]);
  }

  @POST
  public Uni<Response> post(
      @PathParam("path") String path,
      @Context UriInfo uri,
      @Context HttpHeaders headers,
      byte[] body) {
    return pass("POST", path, uri, headers, body);
  }

  @PUT
  public Uni<Response> put(
      @PathParam("path") String path,
      @Context UriInfo uri,
      @Context HttpHeaders headers,
      byte[] body) {
    return pass("PUT", path, uri, headers, body);
  }

  @DELETE
  public Uni<Response> delete(
      @PathParam("path") String path, @Context UriInfo uri, @Context HttpHeaders headers) {
    return pass("DELETE", path, uri, headers, new byte[0]);
  }

  private Uni<Response> pass(
      String method, String path, UriInfo uri, HttpHeaders headers, byte[] body) {
    Optional<AdminCall> call = AdminCalls.find(method, path);
    if (call.isEmpty()) {
      return answer(
          Problem.of(NOT_FOUND, "Not found", "the console does not call this; use the admin API"));
    }
    Map<String, List<String>> parameters = uri.getQueryParameters();
    Optional<String> unknown =
        parameters.keySet().stream()
            .filter(name -> !call.get().parameters().contains(name))
            .findFirst();
    if (unknown.isPresent()) {
      return answer(
          Problem.of(
              BAD_REQUEST,
              "Bad request",
              new Finding(unknown.get(), "the console does not ask for this; use the admin API")));
    }
    return admin
        .call(new Call(method, path, parameters, sent(headers, body), body))
        .map(AdminApi::pass);
  }

  private static Map<String, String> sent(HttpHeaders headers, byte[] body) {
    Map<String, String> sent = new HashMap<>();
    for (String name : HEADERS) {
      String value = headers.getHeaderString(name);
      if (value != null) {
        sent.put(name, value);
      }
    }
    if (body.length > 0) {
      sent.put(HttpHeaders.CONTENT_TYPE, "application/json");
    }
    return sent;
  }

  private static Uni<Response> answer(Problem problem) {
    return Uni.createFrom().item(problem.response());
  }
}
