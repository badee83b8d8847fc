package dev.penstock.controlplane.catalogue;

import dev.penstock.kernel.money.Price;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.UUID;

@Entity(name = "Deployment")
@Table(schema = "policy", name = "deployment")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class DeploymentEntity {

  @Id UUID deploymentId;
  String name;
  String model;
  int position;
  String provider;
  String upstreamModel;
  int weight;

  static DeploymentEntity of(String model, int position, Deployment deployment) {
    DeploymentEntity entity = new DeploymentEntity();
    entity.deploymentId = UUID.randomUUID();
    entity.name = deployment.name();
    entity.model = model;
    entity.position = position;
    entity.provider = deployment.provider();
    entity.upstreamModel = deployment.upstreamModel();
    entity.weight = deployment.weight();
    return entity;
  }

  Deployment toDeployment(List<Price> prices) {
    return new Deployment(name, provider, upstreamModel, weight, prices);
  }
}
