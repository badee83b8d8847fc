package dev.penstock.helm;

import com.google.gson.JsonElement;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ClusterRoleBinding;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.Map;

/** The API types the chart may use, each with the model that judges it. */
final class KubeModels {

  private static final Map<String, Model> MODELS =
      Map.of(
          "v1/ConfigMap", new Model(V1ConfigMap.class, V1ConfigMap::validateJsonElement),
          "v1/Service", new Model(V1Service.class, V1Service::validateJsonElement),
          "v1/ServiceAccount",
              new Model(V1ServiceAccount.class, V1ServiceAccount::validateJsonElement),
          "apps/v1/Deployment", new Model(V1Deployment.class, V1Deployment::validateJsonElement),
          "apps/v1/StatefulSet", new Model(V1StatefulSet.class, V1StatefulSet::validateJsonElement),
          "batch/v1/Job", new Model(V1Job.class, V1Job::validateJsonElement),
          "autoscaling/v2/HorizontalPodAutoscaler",
              new Model(
                  V2HorizontalPodAutoscaler.class, V2HorizontalPodAutoscaler::validateJsonElement),
          "networking.k8s.io/v1/NetworkPolicy",
              new Model(V1NetworkPolicy.class, V1NetworkPolicy::validateJsonElement),
          "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
              new Model(V1ClusterRoleBinding.class, V1ClusterRoleBinding::validateJsonElement),
          "policy/v1/PodDisruptionBudget",
              new Model(V1PodDisruptionBudget.class, V1PodDisruptionBudget::validateJsonElement));

  private KubeModels() {}

  /** Throws with the reason when the API would not know the object or a field of it. */
  static void judge(KubeObject object) throws IOException {
    Model model = MODELS.get(object.type());
    if (model == null) {
      throw new IllegalArgumentException(
          object
              + ": no model for "
              + object.type()
              + " (expected: one of "
              + MODELS.keySet()
              + ")");
    }
    model.check().accept(object.json());
    // The check names unknown and missing fields; only parsing notices a wrong type.
    var _ = JSON.getGson().fromJson(object.json(), model.type());
  }

  private record Model(Class<?> type, Check check) {}

  private interface Check {
    void accept(JsonElement json) throws IOException;
  }
}
