package dev.penstock.controlplane.openapi;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.Paths;

/**
 * Completes what was read off the endpoints: a path for each kind instead of one for all, and the
 * problems that every operation can end in. In order of path, so that two builds say the same.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ApiDescription implements OASFilter {

  @Override
  public void filterOpenAPI(OpenAPI api) {
    Map<String, PathItem> described = new TreeMap<>();
    api.getPaths()
        .getPathItems()
        .forEach((path, item) -> {
          if (KindPaths.isForKinds(path)) {
            described.putAll(KindPaths.expand(path, item));
          } else if (path.startsWith("/api/")) {
            described.put(path, item);
          }
        });
    Paths paths = OASFactory.createPaths();
    described.forEach((path, item) -> {
      item.getOperations()
          .forEach((method, operation) -> Problems.describe(path, method, operation));
      paths.addPathItem(path, item);
    });
    api.setPaths(paths);
    KindSchemas.describe(api.getComponents());
  }
}
