package dev.penstock.controlplane.provisioning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.listing.Field.Type;
import dev.penstock.controlplane.listing.FilteredList;
import dev.penstock.controlplane.listing.ListQuery;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import dev.penstock.controlplane.listing.Listed;
import dev.penstock.controlplane.listing.MemoryList;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the identity provider has not been told yet, and why. */
@Path("/api/v1/provisioning")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "provisioning")
public class ProvisioningResource {

  private static final Field TENANT = Field.ofView("tenant", Type.TEXT);
  private static final List<SortKey> BY_TENANT = List.of(SortKey.up(TENANT));
  private static final List<Field> FIELDS =
      List.of(
          TENANT,
          Field.ofView("state", Type.TEXT),
          Field.ofView("wantedRevision", Type.LONG),
          Field.ofView("wantedAt", Type.TIME),
          Field.ofView("doneRevision", Type.LONG),
          Field.ofView("doneAt", Type.TIME),
          Field.ofView("failures", Type.LONG),
          Field.ofView("nextAttemptAt", Type.TIME));
  private static final String NOBODY_THERE =
      "no identity provider is told: set PENSTOCK_OIDC_ISSUER and"
          + " PENSTOCK_PROVISIONING_CLIENT_SECRET_FILE";

  private final ProvisioningOutbox outbox;
  private final RealmAddress realm;
  private final ObjectMapper json;

  ProvisioningResource(ProvisioningOutbox outbox, RealmAddress realm, ObjectMapper json) {
    this.outbox = outbox;
    this.realm = realm;
    this.json = json;
  }

  /**
   * How far the identity provider knows of a tenant.
   *
   * @param state {@code done}, {@code pending} (not told yet), {@code waiting} (for something that
   *     it has not got yet) or {@code failed} (tried again)
   * @param wantedRevision that changed something about the tenant last
   * @param doneRevision up to which it knows; null: nothing
   * @param failures how often in a row it has failed
   * @param nextAttemptAt when it is looked at next; null: there is nothing to do
   * @param reason of the last failure, or what it waits for; null: none
   */
  public record ProvisioningView(
      String tenant,
      Entry.State state,
      long wantedRevision,
      Instant wantedAt,
      @Nullable Long doneRevision,
      @Nullable Instant doneAt,
      int failures,
      @Nullable Instant nextAttemptAt,
      @Nullable String reason) {}

  @GET
  @FilteredList
  @Operation(
      summary = "Tenants: how far the identity provider knows of each, and what stands in the way",
      description =
          "A tenant that has been deleted stands here until its organization is disabled. Every"
              + " other parameter is a filter by a field, such as `state=failed`.")
  public Page<ProvisioningView> provisioning(
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort,
      @Context UriInfo uri)
      throws SQLException {
    ListQuery query =
        ListQuery.read(uri.getQueryParameters(), FIELDS, BY_TENANT, Set.of(), Page.limit(limit));
    List<ProvisioningView> views = outbox.all().stream().map(this::view).toList();
    Listed<ProvisioningView> listed = MemoryList.page(views, json::<JsonNode>valueToTree, query);
    return Page.of(listed);
  }

  private ProvisioningView view(Entry entry) {
    String reason =
        entry.state() == Entry.State.DONE || realm.isSet() ? entry.reason() : NOBODY_THERE;
    return new ProvisioningView(
        entry.tenant(),
        entry.state(),
        entry.wantedRevision(),
        entry.wantedAt(),
        entry.doneRevision() < 0 ? null : entry.doneRevision(),
        entry.doneAt().orElse(null),
        entry.failures(),
        entry.dueAt().orElse(null),
        reason.isEmpty() ? null : reason);
  }
}
