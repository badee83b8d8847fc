package dev.penstock.controlplane.provisioning;

import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.member.Members;
import dev.penstock.controlplane.tenant.Tenants;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;

/** What is wanted of a tenant now, which is at least what the outbox was told of. */
@Singleton
class Wishes {

  private final Tenants tenants;
  private final Members members;

  Wishes(Tenants tenants, Members members) {
    this.tenants = tenants;
    this.members = members;
  }

  @Transactional
  Wanted of(String tenant) {
    return tenants
        .store()
        .find(ResourceRef.ofPlatform(Kind.TENANT, tenant))
        .<Wanted>map(found -> new Wanted.Present(found, members.ofTenant(tenant)))
        .orElseGet(() -> new Wanted.Gone(tenant));
  }
}
