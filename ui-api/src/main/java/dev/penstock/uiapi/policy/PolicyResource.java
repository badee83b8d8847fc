package dev.penstock.uiapi.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.uiapi.admin.AdminApi;
import dev.penstock.uiapi.admin.AdminApi.Answer;
import dev.penstock.uiapi.admin.AdminApi.Call;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** What binds a tenant, and what is left of its budgets: one call for both pages. */
@Path("/api/tenants/{tenant: [a-z0-9-]{1,63}}/policy")
@Produces(MediaType.APPLICATION_JSON)
public class PolicyResource {

  private final AdminApi admin;

  PolicyResource(AdminApi admin) {
    this.admin = admin;
  }

  /**
   * A tenant's policy for a page.
   *
   * @param path from the root down to the tenant
   * @param budgets as the admin API has them, with what is left
   */
  public record PolicyView(
      String tenant, JsonNode path, List<Sentence> sentences, JsonNode budgets) {}

  @GET
  public Uni<Response> policy(@PathParam("tenant") String tenant) {
    return admin
        .call(Call.get("tenants/" + tenant + "/effective-policy"))
        .map(answer -> answer.isGood() ? view(tenant, answer) : AdminApi.pass(answer));
  }

  private Response view(String tenant, Answer answer) {
    JsonNode policy = admin.read(answer);
    return Response.ok(
            new PolicyView(
                tenant, policy.path("path"), PolicySentences.of(policy), policy.path("budgets")))
        .build();
  }
}
