package dev.penstock.controlplane.region;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;

@Singleton
class RegionRows implements PanacheRepositoryBase<RegionEntity, String> {}
