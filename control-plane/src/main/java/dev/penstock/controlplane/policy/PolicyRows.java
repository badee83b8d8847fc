package dev.penstock.controlplane.policy;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;

@Singleton
class PolicyRows implements PanacheRepositoryBase<PolicyEntity, String> {}
