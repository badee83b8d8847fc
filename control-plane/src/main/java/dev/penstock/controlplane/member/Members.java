package dev.penstock.controlplane.member;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.identity.Memberships;
import dev.penstock.controlplane.identity.Role;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.manifest.Store;
import dev.penstock.controlplane.row.RowStore;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.hibernate.Session;

/** The members of the tenants. */
@Singleton
public class Members implements Feature<Member>, Memberships {

  private static final Pattern ROLE = Pattern.compile("[a-z-]{1,32}");

  private final Session session;
  private final Store<Member> store;

  Members(Session session) {
    this.session = session;
    store = new RowStore<>(session, Kind.MEMBER, MemberEntity.class, MemberEntity::new, Member::id);
  }

  @Override
  public Store<Member> store() {
    return store;
  }

  @Override
  public Member read(ResourceRef ref, Spec spec) {
    boolean program = spec.flag("serviceAccount").orElse(false);
    Member member = program ? readProgram(ref, spec) : readPerson(ref, spec);
    spec.end();
    return member;
  }

  private static Member readPerson(ResourceRef ref, Spec spec) {
    return new Member(
        UUID.randomUUID(),
        ref.owner(),
        ref.name(),
        spec.requiredText("subject"),
        readRoles(spec),
        false);
  }

  /** Its tokens are for the gateway; what calls the admin API is somebody with roles. */
  private static Member readProgram(ResourceRef ref, Spec spec) {
    spec.refuseIfPresent("subject", "follows from the name of a service account; leave it out");
    spec.refuseIfPresent("roles", "a service account calls models and has no roles; leave it out");
    return Member.program(UUID.randomUUID(), ref.owner(), ref.name());
  }

  /** The members of one tenant, and of no other. */
  public List<Member> ofTenant(String tenant) {
    return session
        .createSelectionQuery("from Member where tenant = ?1 order by name", MemberEntity.class)
        .setParameter(1, tenant)
        .list()
        .stream()
        .map(MemberEntity::toRecord)
        .toList();
  }

  private static Set<Role> readRoles(Spec spec) {
    Optional<List<String>> words = spec.texts("roles", ROLE);
    if (words.isEmpty() || words.get().isEmpty()) {
      spec.refuse("roles", "expected at least one role");
      return Set.of();
    }
    Set<Role> roles = new HashSet<>();
    for (int i = 0; i < words.get().size(); i++) {
      String field = "roles[" + i + "]";
      Optional<Role> role = Role.ofWord(words.get().get(i));
      if (role.equals(Optional.of(Role.PLATFORM_ADMIN))) {
        spec.refuse(field, "is held over the whole platform; the identity provider gives it");
      } else if (role.isEmpty() && ROLE.matcher(words.get().get(i)).matches()) {
        spec.refuse(field, "unknown role");
      }
      role.ifPresent(roles::add);
    }
    return roles;
  }

  @Override
  public List<Field> listFields() {
    return List.of(Field.text("subject"), Field.spec("serviceAccount", Field.Type.FLAG));
  }

  @Override
  public boolean isSame(Member stored, Member wanted) {
    return stored.equals(wanted.withId(stored.id()));
  }

  @Override
  public ObjectNode specOf(Member member) {
    if (member.serviceAccount()) {
      return new SpecWriter().flag("serviceAccount", true).done();
    }
    return new SpecWriter()
        .text("subject", member.subject())
        .texts("roles", member.roles().stream().map(Role::word).sorted().toList())
        .done();
  }

  @Override
  @Transactional
  public Map<String, Set<Role>> of(Set<String> subjects) {
    Map<String, Set<Role>> roles = new HashMap<>();
    session
        .createSelectionQuery("from Member where subject in ?1", MemberEntity.class)
        .setParameter(1, subjects)
        .list()
        .forEach(row -> {
          Member member = row.toRecord();
          roles.computeIfAbsent(member.tenant(), t -> new HashSet<>()).addAll(member.roles());
        });
    return roles;
  }
}
