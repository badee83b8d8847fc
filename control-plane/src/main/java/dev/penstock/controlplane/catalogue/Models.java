package dev.penstock.controlplane.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The models of the installation. */
@Singleton
public class Models implements Feature<Model> {

  private static final long MAX_TOKENS = 100_000_000;
  private static final int DEFAULT_WEIGHT = 100;
  private static final int MAX_WEIGHT = 1_000_000;

  private final ModelRows rows;

  Models(ModelRows rows) {
    this.rows = rows;
  }

  /** All models, by name. */
  public List<Model> all() {
    return rows.assemble(rows.list("order by name"));
  }

  @Override
  public Kind kind() {
    return Kind.MODEL;
  }

  @Override
  public Model read(ResourceRef ref, Spec spec) {
    Model model =
        new Model(
            ref.name(),
            spec.integer("contextTokens", 1, MAX_TOKENS),
            spec.integer("maxOutputTokens", 1, MAX_TOKENS),
            spec.names("capabilities").orElse(List.of()),
            PriceSpec.read(spec),
            readDeployments(spec));
    spec.end();
    return model;
  }

  private static List<Deployment> readDeployments(Spec owner) {
    List<Deployment> deployments = new ArrayList<>();
    for (Spec spec : owner.objects("deployments")) {
      long weight = spec.integer("weight", 0, MAX_WEIGHT).orElse((long) DEFAULT_WEIGHT);
      deployments.add(
          new Deployment(
              spec.requiredName("name"),
              spec.requiredName("provider"),
              spec.requiredText("upstreamModel"),
              (int) weight,
              PriceSpec.read(spec)));
      spec.end();
    }
    return deployments;
  }

  @Override
  public Optional<Model> find(ResourceRef ref) {
    return rows.findByIdOptional(ref.name()).map(model -> rows.assemble(List.of(model)).getFirst());
  }

  @Override
  public Optional<String> create(Model wanted) {
    rows.persist(ModelEntity.of(wanted));
    rows.addParts(wanted);
    return Optional.empty();
  }

  @Override
  public void update(Model stored, Model wanted) {
    rows.findById(stored.name()).set(wanted);
    rows.removeParts(stored.name());
    rows.addParts(wanted);
  }

  @Override
  public void delete(Model stored) {
    rows.removeParts(stored.name());
    rows.deleteById(stored.name());
  }

  @Override
  public List<Model> page(Optional<String> tenant, String afterName, int limit) {
    return rows.assemble(rows.find("name > ?1 order by name", afterName).page(0, limit).list());
  }

  @Override
  public ResourceRef refOf(Model model) {
    return ResourceRef.ofPlatform(Kind.MODEL, model.name());
  }

  @Override
  public ObjectNode specOf(Model model) {
    return new SpecWriter()
        .number("contextTokens", model.contextTokens())
        .number("maxOutputTokens", model.maxOutputTokens())
        .texts("capabilities", model.capabilities())
        .nodes("prices", PriceSpec.write(model.prices()))
        .nodes("deployments", model.deployments().stream().map(Models::specOf).toList())
        .done();
  }

  private static JsonNode specOf(Deployment deployment) {
    return new SpecWriter()
        .text("name", deployment.name())
        .text("provider", deployment.provider())
        .text("upstreamModel", deployment.upstreamModel())
        .node("weight", JsonNodeFactory.instance.numberNode(deployment.weight()))
        .nodes("prices", PriceSpec.write(deployment.prices()))
        .done();
  }
}
