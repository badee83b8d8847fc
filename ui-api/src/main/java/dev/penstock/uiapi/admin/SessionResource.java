package dev.penstock.uiapi.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.uiapi.admin.AdminApi.Answer;
import dev.penstock.uiapi.admin.AdminApi.Call;
import dev.penstock.uiapi.signin.SignedIn;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** What pages need to know of whoever is signed in: the name, and what they may do where. */
@Path("/api/session")
@Produces(MediaType.APPLICATION_JSON)
public class SessionResource {

  private static final int FORBIDDEN = 403;

  private final AdminApi admin;
  private final SignedIn signedIn;

  SessionResource(AdminApi admin, SignedIn signedIn) {
    this.admin = admin;
    this.signedIn = signedIn;
  }

  @GET
  public Uni<Response> session() {
    return admin.call(Call.get("whoami")).map(this::session);
  }

  private Response session(Answer answer) {
    if (answer.isGood()) {
      return Response.ok(session(admin.read(answer))).build();
    }
    // Somebody without a role is somebody all the same; with several organizations, there may be
    // one.
    return answer.status() == FORBIDDEN
        ? Response.ok(session(JsonNodeFactory.instance.objectNode())).build()
        : AdminApi.pass(answer);
  }

  private ObjectNode session(JsonNode whoami) {
    SignedIn.Person person = signedIn.get();
    ObjectNode session = JsonNodeFactory.instance.objectNode();
    session.put("name", person.name());
    person.organizations().forEach(session.putArray("organizations")::add);
    session.set("roles", array(whoami.path("roles")));
    session.set("may", whoami.path("may").isObject() ? whoami.path("may") : session.objectNode());
    session.set("tenants", array(whoami.path("tenants")));
    return session;
  }

  private static JsonNode array(JsonNode node) {
    return node.isArray() ? node : JsonNodeFactory.instance.arrayNode();
  }
}
