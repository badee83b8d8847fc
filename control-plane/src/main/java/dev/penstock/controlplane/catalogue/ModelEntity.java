package dev.penstock.controlplane.catalogue;

import dev.penstock.controlplane.row.Row;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Entity(name = "Model")
@Table(schema = "policy", name = "model")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class ModelEntity implements Row<Model> {

  @Id String name;
  @Nullable Long contextTokens;
  @Nullable Long maxOutputTokens;
  String[] capabilities;

  @Override
  public void set(Model model) {
    name = model.name();
    contextTokens = model.contextTokens().orElse(null);
    maxOutputTokens = model.maxOutputTokens().orElse(null);
    capabilities = model.capabilities().toArray(String[]::new);
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
        List.of());
  }
}
