package dev.penstock.controlplane.member;

import dev.penstock.controlplane.identity.Role;
import dev.penstock.controlplane.row.Row;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

@Entity(name = "Member")
@Table(schema = "policy", name = "member")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class MemberEntity implements Row<Member> {

  @Id UUID memberId;
  String tenant;
  String name;
  String subject;
  String[] roles;
  boolean serviceAccount;

  @Override
  public void set(Member member) {
    if (memberId == null) {
      memberId = member.id();
    }
    tenant = member.tenant();
    name = member.name();
    subject = member.subject();
    serviceAccount = member.serviceAccount();
    roles = member.roles().stream().map(Role::word).sorted().toArray(String[]::new);
  }

  @Override
  public Member toRecord() {
    return new Member(memberId, tenant, name, subject, rolesHeld(), serviceAccount);
  }

  /** A role that this build does not know grants nothing. */
  private Set<Role> rolesHeld() {
    return Arrays.stream(roles)
        .flatMap(word -> Role.ofWord(word).stream())
        .collect(Collectors.toSet());
  }
}
