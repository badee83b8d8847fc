package dev.penstock.controlplane.catalogue;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A model's three tables. Deployments and prices are replaced as a whole, under new ids. */
@Singleton
class ModelRows implements PanacheRepositoryBase<ModelEntity, String> {

  private final DeploymentRows deployments;
  private final PriceRows prices;

  ModelRows(DeploymentRows deployments, PriceRows prices) {
    this.deployments = deployments;
    this.prices = prices;
  }

  @Singleton
  static class DeploymentRows implements PanacheRepositoryBase<DeploymentEntity, UUID> {}

  @Singleton
  static class PriceRows implements PanacheRepositoryBase<PriceEntity, UUID> {}

  /** Puts models together with what belongs to them. */
  List<Model> assemble(List<ModelEntity> models) {
    List<String> names = models.stream().map(model -> model.name).toList();
    Map<String, List<DeploymentEntity>> deploymentsOf = new HashMap<>();
    for (DeploymentEntity d : deployments.list("model in ?1 order by model, position", names)) {
      deploymentsOf.computeIfAbsent(d.model, name -> new ArrayList<>()).add(d);
    }
    Map<String, List<PriceVersion>> ofModel = new HashMap<>();
    Map<UUID, List<PriceVersion>> ofDeployment = new HashMap<>();
    for (PriceEntity price : prices.list("model in ?1", names)) {
      List<PriceVersion> list =
          price.deploymentId == null
              ? ofModel.computeIfAbsent(price.model, name -> new ArrayList<>())
              : ofDeployment.computeIfAbsent(price.deploymentId, id -> new ArrayList<>());
      list.add(price.toPrice());
    }
    return models.stream()
        .map(model ->
            new Model(
                model.name,
                Optional.ofNullable(model.contextTokens),
                Optional.ofNullable(model.maxOutputTokens),
                List.of(model.capabilities),
                ofModel.getOrDefault(model.name, List.of()),
                deploymentsOf.getOrDefault(model.name, List.of()).stream()
                    .map(d -> d.toDeployment(ofDeployment.getOrDefault(d.deploymentId, List.of())))
                    .toList()))
        .toList();
  }

  void addParts(Model model) {
    model.prices().forEach(price -> prices.persist(PriceEntity.of(model.name(), null, price)));
    int position = 0;
    for (Deployment deployment : model.deployments()) {
      DeploymentEntity entity = DeploymentEntity.of(model.name(), position++, deployment);
      deployments.persist(entity);
      deployment
          .prices()
          .forEach(
              price -> prices.persist(PriceEntity.of(model.name(), entity.deploymentId, price)));
    }
  }

  void removeParts(String model) {
    prices.delete("model", model);
    deployments.delete("model", model);
  }
}
