package dev.penstock.controlplane.provisioning;

import dev.penstock.controlplane.identity.Role;
import dev.penstock.controlplane.member.Member;
import dev.penstock.controlplane.tenant.SingleSignOn;
import dev.penstock.controlplane.tenant.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.GroupRepresentation;
import org.keycloak.representations.idm.MemberRepresentation;
import org.keycloak.representations.idm.MembershipType;
import org.keycloak.representations.idm.OrganizationDomainRepresentation;
import org.keycloak.representations.idm.OrganizationRepresentation;

/**
 * Makes the realm what is wanted of one tenant: organization, identity providers, people, programs,
 * in this order. Each step compares first and changes only what differs, so a run after a run
 * changes nothing, and a run after half a run does the other half.
 *
 * <p>People are ours where they are in one of our groups, and only those ever leave. Groups carry
 * no role: roles in the realm would count in every organization of somebody who is in several.
 */
final class Reconciliation {

  private static final String PARENT_ATTRIBUTE = "penstock-parent";
  private static final String DELETED_ATTRIBUTE = "penstock-deleted";

  /** There from the beginning, so that others can refer to them. */
  private static final List<Role> GROUPS_OF_EACH =
      List.of(Role.TENANT_ADMIN, Role.TENANT_DEVELOPER);

  private final Realm realm;
  private final List<String> lacks = new ArrayList<>();

  Reconciliation(Realm realm) {
    this.realm = realm;
  }

  /** What could not be done because the realm has no counterpart yet; empty if all is done. */
  List<String> run(Wanted wanted) {
    switch (wanted) {
      case Wanted.Present present -> provide(present);
      case Wanted.Gone(String tenant) -> retire(tenant);
    }
    return List.copyOf(lacks);
  }

  private void provide(Wanted.Present wanted) {
    OrganizationRepresentation organization = organization(wanted.described());
    wanted.described().sso().ifPresent(sso -> linkProviders(organization, sso));
    placePeople(organization, wanted.people());
    List<ClientRepresentation> clients = ourClients(wanted.tenant());
    removeClients(clients, wanted.programs());
    for (Member program : wanted.programs()) {
      provideProgram(organization, program);
    }
  }

  private OrganizationRepresentation organization(Tenant tenant) {
    OrganizationRepresentation found =
        realm.organizationOf(tenant.name()).orElseGet(() -> create(tenant));
    boolean back = attribute(found, DELETED_ATTRIBUTE).isPresent();
    boolean changed = describe(found, tenant);
    changed |= setDomains(found, tenant, back);
    if (changed) {
      realm.update(found);
    }
    if (back && tenant.sso().isEmpty()) {
      // Those of a tenant that had the name before are not this one's.
      realm.identityProvidersOf(found).forEach(alias -> realm.unlink(found, alias));
    }
    return found;
  }

  private OrganizationRepresentation create(Tenant tenant) {
    OrganizationRepresentation wanted = new OrganizationRepresentation();
    wanted.setAlias(tenant.name());
    wanted.setEnabled(true);
    describe(wanted, tenant);
    if (realm.create(wanted)) {
      return realm
          .organizationOf(tenant.name())
          .orElseThrow(() -> new RealmFailure("the organization is not there after it was made"));
    }
    // Its alias is a tenant's name, which nobody else can have: made by hand, and adopted.
    OrganizationRepresentation there =
        realm
            .organizationByAlias(tenant.name())
            .orElseThrow(() ->
                new RealmFailure(
                    "cannot make the organization: another one has the name " + wanted.getName()));
    there.singleAttribute(Realm.TENANT_ATTRIBUTE, tenant.name());
    realm.update(there);
    return there;
  }

  /** Names have to be unique in a realm and display names are not; the alias can never change. */
  private static boolean describe(OrganizationRepresentation organization, Tenant tenant) {
    String name =
        tenant
            .displayName()
            .map(display -> display + " (" + tenant.name() + ")")
            .orElse(tenant.name());
    Map<String, List<String>> before =
        organization.getAttributes() == null ? Map.of() : organization.getAttributes();
    Map<String, List<String>> attributes = new HashMap<>(before);
    attributes.put(Realm.TENANT_ATTRIBUTE, List.of(tenant.name()));
    attributes.remove(DELETED_ATTRIBUTE);
    attributes.remove(PARENT_ATTRIBUTE);
    tenant.parent().ifPresent(parent -> attributes.put(PARENT_ATTRIBUTE, List.of(parent)));
    boolean same =
        name.equals(organization.getName())
            && organization.isEnabled()
            && attributes.equals(before);
    organization.setName(name);
    organization.setEnabled(true);
    organization.setAttributes(attributes);
    return !same;
  }

  private static boolean setDomains(
      OrganizationRepresentation organization, Tenant tenant, boolean back) {
    if (tenant.sso().isEmpty() && !back) {
      return false; // nobody has said whose they are
    }
    Set<String> wanted =
        tenant.sso().map(sso -> Set.copyOf(sso.domains())).orElseGet(Set::<String>of);
    Set<OrganizationDomainRepresentation> before =
        organization.getDomains() == null ? Set.of() : Set.copyOf(organization.getDomains());
    Set<String> names =
        before.stream().map(OrganizationDomainRepresentation::getName).collect(Collectors.toSet());
    if (names.equals(wanted)) {
      return false;
    }
    before.stream()
        .filter(domain -> !wanted.contains(domain.getName()))
        .forEach(organization::removeDomain);
    wanted.stream()
        .filter(domain -> !names.contains(domain))
        .forEach(domain -> organization.addDomain(new OrganizationDomainRepresentation(domain)));
    return true;
  }

  private void linkProviders(OrganizationRepresentation organization, SingleSignOn sso) {
    Set<String> linked = realm.identityProvidersOf(organization);
    for (String alias : sso.identityProviders()) {
      if (linked.remove(alias)) {
        continue;
      }
      if (realm.knowsIdentityProvider(alias)) {
        realm.link(organization, alias);
      } else {
        lacks.add("the realm has no identity provider " + alias);
      }
    }
    linked.forEach(alias -> realm.unlink(organization, alias));
  }

  private void placePeople(OrganizationRepresentation organization, List<Member> people) {
    Map<String, Set<String>> wanted = new HashMap<>(); // user to groups
    for (Member member : people) {
      realm
          .userOf(member.subject())
          .ifPresentOrElse(
              user ->
                  member
                      .roles()
                      .forEach(role ->
                          wanted.computeIfAbsent(user, u -> new TreeSet<>()).add(role.word())),
              () -> lacks.add("the realm has no user for the member " + member.name()));
    }
    Map<String, GroupRepresentation> groups = groups(organization, wanted);
    Set<String> placed = new HashSet<>();
    for (GroupRepresentation group : groups.values()) {
      for (MemberRepresentation there : realm.membersOf(organization, group)) {
        Set<String> roles = wanted.getOrDefault(there.getId(), Set.of());
        if (!roles.contains(group.getName())) {
          remove(organization, group, there, roles.isEmpty());
        }
        if (!roles.isEmpty()) {
          placed.add(there.getId() + group.getName());
        }
      }
    }
    wanted.forEach((user, roles) -> {
      List<String> missing = roles.stream().filter(role -> !placed.contains(user + role)).toList();
      if (!missing.isEmpty()) {
        realm.admit(organization, user);
      }
      missing.forEach(
          role -> realm.join(organization, Objects.requireNonNull(groups.get(role)), user));
    });
  }

  /** From the organization first, which takes them out of its groups: being in one says whose. */
  private void remove(
      OrganizationRepresentation organization,
      GroupRepresentation group,
      MemberRepresentation there,
      boolean altogether) {
    if (altogether && there.getMembershipType() == MembershipType.UNMANAGED) {
      realm.dismiss(organization, there.getId());
    } else {
      realm.leave(organization, group, there.getId());
    }
  }

  /** Ours, by name: a group for each role of a tenant that somebody holds. */
  private Map<String, GroupRepresentation> groups(
      OrganizationRepresentation organization, Map<String, Set<String>> wanted) {
    Set<String> names = new LinkedHashSet<>();
    GROUPS_OF_EACH.forEach(role -> names.add(role.word()));
    wanted.values().forEach(names::addAll);
    Map<String, GroupRepresentation> there = ourGroups(organization);
    if (!there.keySet().containsAll(names)) {
      names.stream()
          .filter(name -> !there.containsKey(name))
          .forEach(name -> realm.createGroup(organization, name));
      return ourGroups(organization);
    }
    return there;
  }

  private Map<String, GroupRepresentation> ourGroups(OrganizationRepresentation organization) {
    Map<String, GroupRepresentation> ours = new HashMap<>();
    for (GroupRepresentation group : realm.groupsOf(organization)) {
      if (Role.ofWord(group.getName()).isPresent()) {
        ours.put(group.getName(), group);
      }
    }
    return ours;
  }

  private List<ClientRepresentation> ourClients(String tenant) {
    return realm.clientsWithPrefix(Member.clientPrefix(tenant)).stream()
        .filter(client ->
            client.getAttributes() != null
                && tenant.equals(client.getAttributes().get(Realm.TENANT_ATTRIBUTE)))
        .toList();
  }

  private void removeClients(List<ClientRepresentation> there, List<Member> programs) {
    Set<String> wanted = programs.stream().map(Member::clientId).collect(Collectors.toSet());
    there.stream().filter(client -> !wanted.contains(client.getClientId())).forEach(realm::delete);
  }

  /** The realm gives the client its secret, and we never ask for it. */
  private void provideProgram(OrganizationRepresentation organization, Member program) {
    ClientRepresentation client =
        realm.client(program.clientId()).orElseGet(() -> createClient(program));
    realm.admit(organization, realm.userBehind(client));
  }

  private ClientRepresentation createClient(Member program) {
    realm.create(ProgramClient.of(program));
    return realm
        .client(program.clientId())
        .orElseThrow(() -> new RealmFailure("the client is not there after it was made"));
  }

  /**
   * Disabled, not deleted: with an organization Keycloak deletes the accounts that it manages, and
   * deleting people is not ours to do. Nobody who can be taken out stays in it, so that a tenant
   * that gets the name later does not inherit them.
   */
  private void retire(String tenant) {
    ourClients(tenant).forEach(realm::delete);
    OrganizationRepresentation organization = realm.organizationOf(tenant).orElse(null);
    if (organization == null) {
      return;
    }
    if (organization.isEnabled() || attribute(organization, DELETED_ATTRIBUTE).isEmpty()) {
      organization.setEnabled(false);
      organization.singleAttribute(DELETED_ATTRIBUTE, "true");
      realm.update(organization);
    }
    realm.membersOf(organization).stream()
        .filter(member -> member.getMembershipType() == MembershipType.UNMANAGED)
        .forEach(member -> realm.dismiss(organization, member.getId()));
  }

  private static Optional<String> attribute(OrganizationRepresentation organization, String name) {
    return organization.getAttributes() == null
        ? Optional.empty()
        : Optional.ofNullable(organization.getAttributes().get(name))
            .flatMap(values -> values.stream().findFirst());
  }
}
