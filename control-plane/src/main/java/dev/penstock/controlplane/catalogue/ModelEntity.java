package dev.penstock.controlplane.catalogue;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

@Entity(name = "Model")
@Table(schema = "policy", name = "model")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class ModelEntity {

  @Id String name;
  @Nullable Long contextTokens;
  @Nullable Long maxOutputTokens;
  String[] capabilities;

  static ModelEntity of(Model model) {
    ModelEntity entity = new ModelEntity();
    entity.name = model.name();
    entity.set(model);
    return entity;
  }

  void set(Model model) {
    contextTokens = model.contextTokens().orElse(null);
    maxOutputTokens = model.maxOutputTokens().orElse(null);
    capabilities = model.capabilities().toArray(String[]::new);
  }
}
