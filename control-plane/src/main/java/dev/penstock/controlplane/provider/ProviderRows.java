package dev.penstock.controlplane.provider;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;

@Singleton
class ProviderRows implements PanacheRepositoryBase<ProviderEntity, String> {}
