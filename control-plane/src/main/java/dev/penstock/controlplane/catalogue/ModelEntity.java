package dev.penstock.controlplane.catalogue;

import dev.penstock.controlplane.row.Row;
import dev.penstock.kernel.snapshot.ModelTrait;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

@Entity(name = "Model")
@Table(schema = "policy", name = "model")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class ModelEntity implements Row<Model> {

  @Id String name;
  @Nullable Long contextTokens;
  @Nullable Long maxOutputTokens;
  String[] capabilities;
  String[] traits;

  @Override
  public void set(Model model) {
    name = model.name();
    contextTokens = model.contextTokens().orElse(null);
    maxOutputTokens = model.maxOutputTokens().orElse(null);
    capabilities = model.capabilities().toArray(String[]::new);
    traits = model.traits().stream().map(ModelTrait::word).sorted().toArray(String[]::new);
  }

  /** Without its prices and deployments, which are rows of their own. */
  @Override
  public Model toRecord() {
    return new Model(
        name,
        Optional.ofNullable(contextTokens),
        Optional.ofNullable(maxOutputTokens),
        List.of(capabilities),
        List.of(),
        List.of(),
        Arrays.stream(traits)
            .map(word -> ModelTrait.of(word).orElseThrow())
            .collect(Collectors.toSet()));
  }
}
