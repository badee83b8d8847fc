package dev.penstock.cli.up;

import dev.penstock.cli.keycloak.KeycloakServer;
import dev.penstock.cli.process.ProcessSpec.Label;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The variables of {@code .penstock/env}, from what was started: nothing else is served. */
record Served(List<Label> started) {
  /** The one of the quickstart's users who may do everything but write secrets. */
  private static final String CONSOLE_USER = "paula";

  Map<String, String> variables(
      String model,
      String key,
      String adminToken,
      @Nullable String simulatorKey,
      Optional<String> ssoPassword) {
    Map<String, String> variables = new LinkedHashMap<>();
    address(Programs.CONTROL_PLANE).ifPresent(url -> variables.put("PENSTOCK_ADMIN_URL", url));
    variables.put("PENSTOCK_ADMIN_TOKEN", adminToken);
    address(Programs.DATA_PLANE)
        .ifPresent(url -> {
          variables.put("PENSTOCK_GATEWAY_URL", url);
          variables.put("PENSTOCK_GATEWAY_URLS", gateways());
          variables.put("PENSTOCK_MODEL", model);
          variables.put("OPENAI_BASE_URL", url + "/v1");
          variables.put("OPENAI_API_KEY", key);
        });
    address(Programs.CONSOLE).ifPresent(url -> variables.put("PENSTOCK_CONSOLE_URL", url));
    address(Programs.SIMULATOR).ifPresent(url -> variables.put("PENSTOCK_SIMULATOR_URL", url));
    if (simulatorKey != null) {
      variables.put("PENSTOCK_SIMULATOR_KEY", simulatorKey);
    }
    address(Programs.KEYCLOAK)
        .ifPresent(url -> {
          variables.put("PENSTOCK_OIDC_ISSUER", url + "/realms/" + KeycloakServer.REALM);
          variables.put("PENSTOCK_CONSOLE_USER", CONSOLE_USER);
          ssoPassword.ifPresent(password -> variables.put("PENSTOCK_CONSOLE_PASSWORD", password));
        });
    return variables;
  }

  private Optional<String> address(String kind) {
    return ofKind(kind).stream().findFirst().map(Label::url).map(URI::toString);
  }

  /** One address a region: its first node's. */
  private String gateways() {
    Map<String, URI> first = new LinkedHashMap<>();
    for (Label node : ofKind(Programs.DATA_PLANE)) {
      String region = node.region();
      URI url = node.url();
      if (region != null && url != null) {
        first.putIfAbsent(region, url);
      }
    }
    return first.entrySet().stream()
        .map(gateway -> gateway.getKey() + "=" + gateway.getValue())
        .collect(Collectors.joining(","));
  }

  private List<Label> ofKind(String kind) {
    return started.stream().filter(label -> label.kind().equals(kind)).toList();
  }
}
