package dev.penstock.controlplane.budget;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import java.util.UUID;

@Singleton
class BudgetRows implements PanacheRepositoryBase<BudgetEntity, UUID> {}
