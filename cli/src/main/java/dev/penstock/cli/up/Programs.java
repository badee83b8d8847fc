package dev.penstock.cli.up;

import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.installation.NodeName;
import dev.penstock.cli.installation.OwnerOnly;
import dev.penstock.cli.installation.Ports;
import dev.penstock.cli.installation.Ports.NodePorts;
import dev.penstock.cli.installation.SecretFiles;
import dev.penstock.cli.keycloak.KeycloakServer;
import dev.penstock.cli.pki.DevelopmentPki;
import dev.penstock.cli.pki.DevelopmentPki.Identity;
import dev.penstock.cli.postgres.PostgresCluster;
import dev.penstock.cli.process.ProcessSpec;
import dev.penstock.cli.process.ProcessSpec.Label;
import dev.penstock.cli.process.Readiness;
import dev.penstock.cli.process.StopSignal;
import dev.penstock.cli.up.StackOptions.Sso;
import dev.penstock.cli.up.StackOptions.Tuning;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How each process is started. */
final class Programs {
  static final String POSTGRES = "postgres";
  static final String SIMULATOR = "provider-sim";
  static final String CONTROL_PLANE = "control-plane";
  static final String DATA_PLANE = "data-plane";
  static final String CONSOLE = "console";
  static final String KEYCLOAK = "keycloak";

  private static final String LOOPBACK = "127.0.0.1";
  private static final String PRIVATE_PROVIDERS = "127.0.0.0/8";

  /** Start-up counts and throughput does not: one compiler, the smallest collector. */
  private static final List<String> QUICK_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx384m");

  /** The simulator and nodes carry load: both compilers. */
  private static final List<String> UNDER_LOAD =
      List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx384m");

  /** Why each of them: docs/decisions/3-path-of-an-exchange.md. */
  private static final List<String> NODE =
      Stream.concat(
              UNDER_LOAD.stream(),
              Stream.of(
                  "-XX:CompileThresholdScaling=0.3",
                  "-XX:+UseTransparentHugePages",
                  "-Dio.netty.leakDetection.level=disabled"))
          .toList();

  private static final List<String> ALWAYS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Djava.net.preferIPv4Stack=true",
          "-Xlog:disable");

  private final StackOptions options;
  private final Installation installation;
  private final SecretFiles secrets;
  private final NodeTokens tokens;
  private final HttpClient http;

  Programs(StackOptions options, HttpClient http) {
    this.options = options;
    this.installation = options.installation();
    this.secrets = new SecretFiles(installation);
    this.tokens = new NodeTokens(installation);
    this.http = http;
  }

  ProcessSpec postgres(PostgresCluster cluster) {
    URI url = URI.create(cluster.url().replace("jdbc:", ""));
    return new ProcessSpec(
        new Label(POSTGRES, POSTGRES, null, url, null),
        options.command(POSTGRES, cluster.serverCommand()),
        Map.of(),
        cluster::isReady,
        StopSignal.INTERRUPT,
        installation.log(POSTGRES));
  }

  ProcessSpec simulator() {
    int port = options.ports().simulator();
    URI url = http(port);
    return java(
        new Label(SIMULATOR, SIMULATOR, null, url, null),
        UNDER_LOAD,
        "provider-sim/target/penstock-provider-sim.jar",
        Map.of(
            "PENSTOCK_SIM_PORT", Integer.toString(port),
            "PENSTOCK_SIM_API_KEYS", secrets.read(secrets.token("simulator-key"))),
        url.resolve("/_sim/healthz"));
  }

  ProcessSpec controlPlane(PostgresCluster cluster, DevelopmentPki pki) {
    Ports ports = options.ports();
    URI url = http(ports.admin());
    Identity identity = pki.controlPlane();
    Map<String, String> environment = new HashMap<>();
    environment.put("PENSTOCK_ADMIN_PORT", Integer.toString(ports.admin()));
    environment.put("PENSTOCK_GRPC_PORT", Integer.toString(ports.grpc()));
    environment.put("PENSTOCK_DB_URL", cluster.url());
    environment.put("PENSTOCK_DB_USER", "penstock_app");
    environment.put("PENSTOCK_DB_PASSWORD", secrets.read(secrets.token("db-app-password")));
    environment.put("PENSTOCK_ADMIN_TOKEN_FILE", secrets.token("admin-token").toString());
    environment.put("PENSTOCK_MASTER_KEY_FILE", secrets.key("master-key").toString());
    environment.put("PENSTOCK_SNAPSHOT_SIGNING_KEY", pki.snapshotSigning().privateKey().toString());
    environment.put("PENSTOCK_PROVIDER_ALLOW_PRIVATE", PRIVATE_PROVIDERS);
    environment.put("PENSTOCK_WEBHOOK_ALLOW_PRIVATE", PRIVATE_PROVIDERS);
    if (options.sso() == Sso.STARTED) {
      // Long before it is there: the control plane asks for it at the first token.
      environment.put("PENSTOCK_OIDC_ISSUER", issuer());
      environment.put(
          "PENSTOCK_PROVISIONING_CLIENT_SECRET_FILE",
          KeycloakServer.provisioningSecret(secrets).toString());
    }
    environment.putAll(tls(pki, identity));
    environment.put("PENSTOCK_NODE_CA_CERT", pki.issuing().certificate().toString());
    environment.put("PENSTOCK_NODE_CA_KEY", pki.issuing().key().toString());
    return java(
        new Label(CONTROL_PLANE, CONTROL_PLANE, null, url, url),
        QUICK_START,
        "control-plane/target/quarkus-app/quarkus-run.jar",
        environment,
        url.resolve("/q/health/ready"));
  }

  ProcessSpec node(NodeName node, NodePorts ports, DevelopmentPki pki) {
    String name = node.toString();
    URI ops = http(ports.ops());
    Map<String, String> environment = new HashMap<>();
    environment.put("PENSTOCK_NODE_NAME", name);
    environment.put("PENSTOCK_REGION", node.region());
    environment.put("PENSTOCK_TRAFFIC_PORT", Integer.toString(ports.traffic()));
    environment.put("PENSTOCK_OPS_PORT", Integer.toString(ports.ops()));
    environment.put("PENSTOCK_CONTROL_PLANE", LOOPBACK + ":" + options.ports().grpc());
    environment.put("PENSTOCK_SNAPSHOT_PUBLIC_KEY", pki.snapshotSigning().publicKey().toString());
    environment.put("PENSTOCK_DATA_DIR", OwnerOnly.folder(installation.nodeData(name)).toString());
    environment.put("PENSTOCK_PROVIDER_ALLOW_PRIVATE", PRIVATE_PROVIDERS);
    environment.put("PENSTOCK_TLS_CA", pki.root().toString());
    environment.put("PENSTOCK_JOIN_TOKEN_FILE", tokens.file(node).toString());
    if (options.sso() == Sso.STARTED) {
      // Long before it is there: the node fetches the keys when they are to be had.
      environment.put("PENSTOCK_JWT_ISSUER", issuer());
    }
    return java(
        new Label(name, DATA_PLANE, node.region(), http(ports.traffic()), ops),
        NODE,
        "data-plane/target/penstock-data-plane.jar",
        environment,
        ops.resolve("/readyz"));
  }

  ProcessSpec console() {
    int port = options.ports().console();
    URI url = http(port);
    Map<String, String> environment = new HashMap<>();
    environment.put("PENSTOCK_CONSOLE_PORT", Integer.toString(port));
    environment.put("PENSTOCK_ADMIN_URL", http(options.ports().admin()).toString());
    if (options.sso() == Sso.STARTED) {
      environment.put("PENSTOCK_OIDC_ISSUER", issuer());
      environment.put("PENSTOCK_CONSOLE_CLIENT_ID", KeycloakServer.CONSOLE_CLIENT);
      environment.put("PENSTOCK_CONSOLE_CLIENT_SECRET", KeycloakServer.consoleSecret(secrets));
    }
    return java(
        new Label(CONSOLE, CONSOLE, null, url, url),
        QUICK_START,
        "ui-api/target/quarkus-app/quarkus-run.jar",
        environment,
        url.resolve("/q/health/ready"));
  }

  /** Ready when its realm is there, which is a moment after it listens. */
  ProcessSpec keycloak(KeycloakServer server) {
    int port = options.ports().sso();
    URI url = KeycloakServer.url(port);
    return new ProcessSpec(
        new Label(KEYCLOAK, KEYCLOAK, null, url, null),
        options.command(KEYCLOAK, server.command()),
        KeycloakServer.environment(secrets, http(options.ports().console())),
        Readiness.of(http, URI.create(issuer() + "/.well-known/openid-configuration")),
        StopSignal.TERMINATE,
        installation.log(KEYCLOAK));
  }

  private static Map<String, String> tls(DevelopmentPki pki, Identity identity) {
    return Map.of(
        "PENSTOCK_TLS_CA", pki.root().toString(),
        "PENSTOCK_TLS_CERT", identity.certificate().toString(),
        "PENSTOCK_TLS_KEY", identity.key().toString());
  }

  private ProcessSpec java(
      Label label,
      List<String> flags,
      String jar,
      Map<String, String> environment,
      URI readyAddress) {
    Tuning tuning = options.tuning(label.name(), label.kind());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ALWAYS);
    command.addAll(flags);
    command.addAll(tuning.jvmFlags());
    command.add("-jar");
    command.add(installation.repository().resolve(jar).toString());
    Map<String, String> all = new HashMap<>(environment);
    all.put("PENSTOCK_BIND_HOST", LOOPBACK);
    all.putAll(tuning.environment());
    return new ProcessSpec(
        label,
        command,
        all,
        Readiness.of(http, readyAddress),
        StopSignal.TERMINATE,
        installation.log(label.name()));
  }

  private String issuer() {
    return KeycloakServer.issuer(options.ports().sso()).toString();
  }

  private static URI http(int port) {
    return URI.create("http://" + LOOPBACK + ":" + port);
  }
}
