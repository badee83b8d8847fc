package dev.penstock.controlplane.provisioning;

import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.keycloak.OAuth2Constants;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.KeycloakBuilder;
import org.keycloak.admin.client.resource.OrganizationResource;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.GroupRepresentation;
import org.keycloak.representations.idm.IdentityProviderRepresentation;
import org.keycloak.representations.idm.MemberRepresentation;
import org.keycloak.representations.idm.OrganizationRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/**
 * The realm, call by call, through Keycloak's admin client as a client of the same realm. Every
 * method blocks and fails with a {@link RealmFailure} that says what was tried and what came back.
 * What is there already, or gone already, is fine: somebody may have been here before.
 */
final class Realm implements AutoCloseable {

  /** Of organizations and clients that are ours. */
  static final String TENANT_ATTRIBUTE = "penstock-tenant";

  private static final int PAGE = 100;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int FIRST_ERROR = 400;
  private static final int INTERNAL_ERROR = 500;
  private static final int MAX_DETAIL = 300;

  private final Keycloak keycloak;
  private final RealmResource realm;
  private final OrganizationGroups groups;

  Realm(RealmAddress address) {
    keycloak =
        KeycloakBuilder.builder()
            .serverUrl(address.server())
            .realm(address.realm())
            .grantType(OAuth2Constants.CLIENT_CREDENTIALS)
            .clientId(address.clientId())
            .clientSecret(address.secret())
            .build();
    realm = keycloak.realm(address.realm());
    groups =
        keycloak.proxy(
            OrganizationGroups.class,
            URI.create(address.server() + "/admin/realms/" + address.realm()));
  }

  /** Asks for a token, which says whether the realm is there and takes us for who we are. */
  void greet() {
    try {
      ask("get a token", () -> keycloak.tokenManager().getAccessTokenString());
    } catch (RealmFailure.Away away) {
      throw away;
    } catch (RealmFailure refused) {
      // Not about a tenant: an unknown client, a wrong secret, a realm that is not there yet.
      throw new RealmFailure.Away(refused.reason());
    }
  }

  Optional<OrganizationRepresentation> organizationOf(String tenant) {
    return ask(
            "look for the organization",
            () -> realm.organizations().searchByAttribute(TENANT_ATTRIBUTE + ":" + tenant))
        .stream()
        .filter(found -> tenant.equals(found.getAlias()))
        .findFirst()
        .map(found -> ask("read the organization", organization(found)::toRepresentation));
  }

  /** Made by somebody else, before there was a tenant of that name; found by looking at all. */
  Optional<OrganizationRepresentation> organizationByAlias(String alias) {
    return pages("list organizations", (first, max) -> realm.organizations().list(first, max))
        .stream()
        .filter(found -> alias.equals(found.getAlias()))
        .findFirst()
        .map(found -> ask("read the organization", organization(found)::toRepresentation));
  }

  /** Whether it could be made: not if there is one of that alias or name. */
  boolean create(OrganizationRepresentation wanted) {
    return send("make the organization", () -> realm.organizations().create(wanted), CONFLICT)
        != CONFLICT;
  }

  void update(OrganizationRepresentation wanted) {
    send("change the organization", () -> organization(wanted).update(wanted));
  }

  private OrganizationResource organization(OrganizationRepresentation of) {
    return realm.organizations().get(of.getId());
  }

  Set<String> identityProvidersOf(OrganizationRepresentation of) {
    Set<String> aliases = new HashSet<>();
    ask(
            "list its identity providers",
            () -> organization(of).identityProviders().getIdentityProviders())
        .forEach(provider -> aliases.add(provider.getAlias()));
    return aliases;
  }

  boolean knowsIdentityProvider(String alias) {
    return find(
            "look for an identity provider",
            () -> realm.identityProviders().get(alias).toRepresentation())
        .map(IdentityProviderRepresentation::getAlias)
        .isPresent();
  }

  void link(OrganizationRepresentation to, String alias) {
    send(
        "link the identity provider " + alias,
        () -> organization(to).identityProviders().addIdentityProvider(alias),
        CONFLICT);
  }

  void unlink(OrganizationRepresentation from, String alias) {
    send(
        "unlink the identity provider " + alias,
        () -> organization(from).identityProviders().get(alias).delete(),
        NOT_FOUND);
  }

  List<MemberRepresentation> membersOf(OrganizationRepresentation of) {
    return pages("list its members", (first, max) -> organization(of).members().list(first, max));
  }

  void admit(OrganizationRepresentation to, String user) {
    send("add a member", () -> organization(to).members().addMember(user), CONFLICT);
  }

  /** Never for somebody whose account the organization manages: Keycloak deletes it then. */
  void dismiss(OrganizationRepresentation from, String user) {
    send("remove a member", () -> organization(from).members().member(user).delete(), NOT_FOUND);
  }

  List<GroupRepresentation> groupsOf(OrganizationRepresentation of) {
    return pages("list its groups", (first, max) -> groups.list(of.getId(), first, max));
  }

  void createGroup(OrganizationRepresentation in, String name) {
    GroupRepresentation group = new GroupRepresentation();
    group.setName(name);
    send("make the group " + name, () -> groups.create(in.getId(), group), CONFLICT);
  }

  List<MemberRepresentation> membersOf(OrganizationRepresentation of, GroupRepresentation group) {
    return pages(
        "list the group " + group.getName(),
        (first, max) -> groups.members(of.getId(), group.getId(), first, max));
  }

  void join(OrganizationRepresentation in, GroupRepresentation group, String user) {
    send(
        "add to the group " + group.getName(),
        () -> groups.join(in.getId(), group.getId(), user),
        CONFLICT);
  }

  void leave(OrganizationRepresentation in, GroupRepresentation group, String user) {
    send(
        "remove from the group " + group.getName(),
        () -> groups.leave(in.getId(), group.getId(), user),
        NOT_FOUND);
  }

  /** Whom a subject of a member means: the same rule as for the callers of the admin API. */
  Optional<String> userOf(String subject) {
    List<UserRepresentation> found =
        subject.indexOf('@') >= 0
            ? ask("look for a user", () -> realm.users().searchByEmail(subject, true)).stream()
                .filter(user -> Boolean.TRUE.equals(user.isEmailVerified()))
                .toList()
            : ask("look for a user", () -> realm.users().searchByUsername(subject, true));
    if (!found.isEmpty()) {
      return Optional.of(found.getFirst().getId());
    }
    return subject.matches("[0-9a-f-]{36}")
        ? find("look for a user", () -> realm.users().get(subject).toRepresentation())
            .map(UserRepresentation::getId)
        : Optional.empty();
  }

  /** The clients whose id begins so; the realm itself searches for texts anywhere in it. */
  List<ClientRepresentation> clientsWithPrefix(String prefix) {
    return pages(
            "list clients",
            (first, max) -> realm.clients().findAll(prefix, false, true, first, max))
        .stream()
        .filter(client -> client.getClientId().startsWith(prefix))
        .toList();
  }

  Optional<ClientRepresentation> client(String clientId) {
    return ask("look for the client " + clientId, () -> realm.clients().findByClientId(clientId))
        .stream()
        .findFirst();
  }

  void create(ClientRepresentation wanted) {
    send("make the client", () -> realm.clients().create(wanted), CONFLICT);
  }

  void delete(ClientRepresentation client) {
    find(
        "delete the client " + client.getClientId(),
        () -> {
          realm.clients().get(client.getId()).remove();
          return client;
        });
  }

  String userBehind(ClientRepresentation client) {
    return ask(
            "find the user behind the client " + client.getClientId(),
            () -> realm.clients().get(client.getId()).getServiceAccountUser())
        .getId();
  }

  @Override
  public void close() {
    keycloak.close();
  }

  private static <T> List<T> pages(String what, BiFunction<Integer, Integer, List<T>> read) {
    List<T> all = new ArrayList<>();
    for (List<T> page = null; page == null || page.size() == PAGE; ) {
      int first = all.size();
      page = ask(what, () -> read.apply(first, PAGE));
      all.addAll(page);
    }
    return all;
  }

  /** Sends something and answers the status, which is one of these or a good one. */
  private static int send(String what, Supplier<Response> call, int... fine) {
    try (Response response = ask(what, call)) {
      int status = response.getStatus();
      if (status >= FIRST_ERROR && !contains(fine, status)) {
        throw refused(what, response);
      }
      return status;
    } catch (WebApplicationException e) {
      throw refused(what, e.getResponse());
    }
  }

  private static boolean contains(int[] statuses, int status) {
    for (int each : statuses) {
      if (each == status) {
        return true;
      }
    }
    return false;
  }

  /** Empty where the answer is that there is no such thing. */
  private static <T> Optional<T> find(String what, Supplier<T> call) {
    try {
      return Optional.ofNullable(call.get());
    } catch (WebApplicationException e) {
      if (e.getResponse().getStatus() == NOT_FOUND) {
        return Optional.empty();
      }
      throw refused(what, e.getResponse());
    } catch (ProcessingException e) {
      throw away(what, e);
    }
  }

  private static <T> T ask(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (WebApplicationException e) {
      throw refused(what, e.getResponse());
    } catch (ProcessingException e) {
      throw away(what, e);
    }
  }

  private static RealmFailure refused(String what, Response response) {
    String detail = response.hasEntity() ? String.valueOf(response.readEntity(String.class)) : "";
    String reason =
        "cannot %s: %d %s"
            .formatted(
                what,
                response.getStatus(),
                detail.substring(0, Math.min(detail.length(), MAX_DETAIL)))
            .strip();
    // A proxy whose server is away, or a server that is not up yet: nothing about this tenant.
    return response.getStatus() > INTERNAL_ERROR
        ? new RealmFailure.Away(reason)
        : new RealmFailure(reason);
  }

  private static RealmFailure away(String what, ProcessingException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return new RealmFailure.Away(
        "cannot %s: the identity provider does not answer (%s)"
            .formatted(what, cause.getClass().getSimpleName()));
  }
}
