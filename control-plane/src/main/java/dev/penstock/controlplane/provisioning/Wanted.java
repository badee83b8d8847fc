package dev.penstock.controlplane.provisioning;

import dev.penstock.controlplane.member.Member;
import dev.penstock.controlplane.tenant.Tenant;
import java.util.List;
import java.util.Objects;

/** What the identity provider is to know of a tenant. */
sealed interface Wanted {

  String tenant();

  /** There is such a tenant, with these members. */
  record Present(Tenant described, List<Member> members) implements Wanted {
    public Present {
      Objects.requireNonNull(described, "described");
      members = List.copyOf(members);
    }

    @Override
    public String tenant() {
      return described.name();
    }

    List<Member> people() {
      return members.stream().filter(member -> !member.serviceAccount()).toList();
    }

    List<Member> programs() {
      return members.stream().filter(Member::serviceAccount).toList();
    }
  }

  /** There is none any more. */
  record Gone(String tenant) implements Wanted {
    public Gone {
      Objects.requireNonNull(tenant, "tenant");
    }
  }
}
