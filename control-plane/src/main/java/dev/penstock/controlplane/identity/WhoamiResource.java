package dev.penstock.controlplane.identity;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Tells callers what they are here, so that a client offers them only what they may do. */
@Path("/api/v1/whoami")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "identity")
public class WhoamiResource {

  private final CurrentCaller caller;

  WhoamiResource(CurrentCaller caller) {
    this.caller = caller;
  }

  /**
   * The caller, as decisions see it.
   *
   * @param name as revisions and audit events name the caller
   * @param roles held over the platform
   * @param may what those roles may do: letters of {@code rwd} by row of the table of permissions
   * @param tenants where roles are held that reach that tenant and everything below it
   */
  public record Whoami(
      String name, List<String> roles, Map<String, String> may, List<RolesAt> tenants) {

    static Whoami of(Caller caller) {
      return new Whoami(
          caller.name(),
          words(caller.roles()),
          Permissions.ofPlatform(caller.roles()),
          caller.tenants().entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .map(held ->
                  new RolesAt(
                      held.getKey(), words(held.getValue()), Permissions.ofTenant(held.getValue())))
              .toList());
    }

    private static List<String> words(Collection<Role> roles) {
      return roles.stream().sorted().map(Role::word).toList();
    }
  }

  /** The roles that are held at one tenant, and what they may do there and below. */
  public record RolesAt(String tenant, List<String> roles, Map<String, String> may) {}

  @GET
  @Operation(summary = "Who the caller is, and which roles it holds where")
  public Whoami whoami() {
    return Whoami.of(caller.get());
  }
}
