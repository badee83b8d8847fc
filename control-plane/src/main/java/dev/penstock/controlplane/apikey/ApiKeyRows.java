package dev.penstock.controlplane.apikey;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;

@Singleton
class ApiKeyRows implements PanacheRepositoryBase<ApiKeyEntity, String> {}
