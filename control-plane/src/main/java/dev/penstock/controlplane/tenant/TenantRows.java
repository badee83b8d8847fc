package dev.penstock.controlplane.tenant;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;

@Singleton
class TenantRows implements PanacheRepositoryBase<TenantEntity, String> {}
