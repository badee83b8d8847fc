package dev.penstock.controlplane.catalogue;

import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Store;
import dev.penstock.controlplane.row.RowStore;
import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.money.Price.Tier;
import dev.penstock.kernel.money.ServiceTiers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/** A model's three tables. Deployments and prices are replaced as a whole, under new ids. */
final class ModelStore implements Store<Model> {

  private final Session session;
  private final RowStore<Model, ModelEntity> models;

  ModelStore(Session session) {
    this.session = session;
    models = new RowStore<>(session, Kind.MODEL, ModelEntity.class, ModelEntity::new, Model::name);
  }

  @Override
  public Kind kind() {
    return models.kind();
  }

  @Override
  public List<Model> all() {
    return withParts(models.all());
  }

  @Override
  public Optional<Model> find(ResourceRef ref) {
    return models.find(ref).map(model -> withParts(List.of(model)).getFirst());
  }

  @Override
  public Optional<String> create(Model wanted) {
    Optional<String> shownOnce = models.create(wanted);
    addParts(wanted);
    return shownOnce;
  }

  @Override
  public void update(Model stored, Model wanted) {
    models.update(stored, wanted);
    removeParts(stored.name());
    addParts(wanted);
  }

  @Override
  public void delete(Model stored) {
    removeParts(stored.name());
    models.delete(stored);
  }

  @Override
  public List<ResourceRef> ownedBy(Collection<String> tenants) {
    return List.of();
  }

  @Override
  public List<Model> page(Optional<String> tenant, String afterName, int limit) {
    return withParts(models.page(tenant, afterName, limit));
  }

  private List<Model> withParts(List<Model> models) {
    List<String> names = models.stream().map(Model::name).toList();
    Map<String, List<DeploymentEntity>> deploymentsOf = new HashMap<>();
    for (DeploymentEntity d : parts(DeploymentEntity.class, names, "order by model, position")) {
      deploymentsOf.computeIfAbsent(d.model, name -> new ArrayList<>()).add(d);
    }
    Map<String, List<PriceEntity>> ofModel = new HashMap<>();
    Map<UUID, List<PriceEntity>> ofDeployment = new HashMap<>();
    for (PriceEntity price : parts(PriceEntity.class, names, "")) {
      List<PriceEntity> list =
          price.deploymentId == null
              ? ofModel.computeIfAbsent(price.model, name -> new ArrayList<>())
              : ofDeployment.computeIfAbsent(price.deploymentId, id -> new ArrayList<>());
      list.add(price);
    }
    return models.stream()
        .map(model ->
            model.withParts(
                prices(ofModel.getOrDefault(model.name(), List.of())),
                deploymentsOf.getOrDefault(model.name(), List.of()).stream()
                    .map(d ->
                        d.toDeployment(
                            prices(ofDeployment.getOrDefault(d.deploymentId, List.of()))))
                    .toList()))
        .toList();
  }

  private static List<Price> prices(List<PriceEntity> rows) {
    Map<Instant, List<PriceEntity>> versions = new HashMap<>();
    rows.forEach(
        row -> versions.computeIfAbsent(row.validFrom, from -> new ArrayList<>()).add(row));
    List<Price> prices = new ArrayList<>();
    versions.forEach((validFrom, of) ->
        prices.add(
            new Price(
                validFrom,
                of.stream().map(PriceEntity::toTier).toList(),
                new ServiceTiers(of.getFirst().serviceTiers))));
    return prices;
  }

  private <E> List<E> parts(Class<E> type, List<String> models, String order) {
    return session
        .createSelectionQuery("from %s where model in ?1 %s".formatted(type.getName(), order), type)
        .setParameter(1, models)
        .list();
  }

  private void addParts(Model model) {
    addPrices(model, null, model.prices());
    int position = 0;
    for (Deployment deployment : model.deployments()) {
      DeploymentEntity entity = DeploymentEntity.of(model.name(), position++, deployment);
      session.persist(entity);
      addPrices(model, entity.deploymentId, deployment.prices());
    }
  }

  private void addPrices(Model model, @Nullable UUID deploymentId, List<Price> prices) {
    for (Price price : prices) {
      for (Tier tier : price.tiers()) {
        session.persist(PriceEntity.of(model.name(), deploymentId, price, tier));
      }
    }
  }

  private void removeParts(String model) {
    for (Class<?> part : List.of(PriceEntity.class, DeploymentEntity.class)) {
      session
          .createMutationQuery("delete from " + part.getName() + " where model = ?1")
          .setParameter(1, model)
          .executeUpdate();
    }
  }
}
