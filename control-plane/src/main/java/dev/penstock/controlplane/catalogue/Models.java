package dev.penstock.controlplane.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.manifest.Store;
import dev.penstock.kernel.snapshot.ModelTrait;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.hibernate.Session;

/** The models of the installation. */
@Singleton
public class Models implements Feature<Model> {

  private static final long MAX_TOKENS = 100_000_000;
  private static final int DEFAULT_WEIGHT = 100;
  private static final int MAX_WEIGHT = 1_000_000;

  private final Store<Model> store;

  Models(Session session) {
    store = new ModelStore(session);
  }

  @Override
  public Store<Model> store() {
    return store;
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
            readDeployments(spec),
            readTraits(spec));
    spec.end();
    return model;
  }

  private static Set<ModelTrait> readTraits(Spec spec) {
    Set<ModelTrait> traits = EnumSet.noneOf(ModelTrait.class);
    for (String word : spec.names("traits").orElse(List.of())) {
      ModelTrait.of(word)
          .filter(trait -> trait != ModelTrait.REASONS) // stated among the capabilities
          .ifPresentOrElse(
              traits::add, () -> spec.refuse("traits", "expected some of " + ModelTrait.words()));
    }
    return traits;
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
  public List<Field> listFields() {
    return List.of(
        Field.spec("contextTokens", Field.Type.LONG),
        Field.spec("maxOutputTokens", Field.Type.LONG),
        Field.text("capabilities"));
  }

  @Override
  public ObjectNode specOf(Model model) {
    return new SpecWriter()
        .number("contextTokens", model.contextTokens())
        .number("maxOutputTokens", model.maxOutputTokens())
        .texts("capabilities", model.capabilities())
        .texts("traits", model.traits().stream().map(ModelTrait::word).sorted().toList())
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
