package dev.penstock.controlplane.kit;

import dev.penstock.migrations.Migrations;
import dev.penstock.migrations.kit.TestPostgres;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One embedded Postgres, migrated, for all tests of this module, and the files that a control plane
 * reads. Class loaders of the tests and of the application both see it, so what tests ask for
 * travels in system properties.
 */
public final class ControlPlaneResource implements QuarkusTestResourceLifecycleManager {

  public static final String ADMIN_TOKEN = "test-admin-token-0123456789abcdef";

  static final String ADMIN_JDBC_URL = "penstock-test.admin-jdbc-url";
  static final String PUBLIC_KEY = "penstock-test.snapshot-public-key";
  static final String GRPC_PORT = "penstock-test.grpc-port";
  static final String PKI = "penstock-test.pki";
  static final String MASTER_KEY = "penstock-test.master-key";

  private static final String APP_PASSWORD = "app-password-of-tests";

  private @Nullable TestPostgres postgres;
  private @Nullable TestIdentityProvider identityProvider;
  private @Nullable TestKubernetes kubernetes;

  @Override
  public Map<String, String> start() {
    try {
      TestPostgres started = TestPostgres.start();
      postgres = started;
      Migrations.run(started.url(), started.admin(), started.adminPassword(), APP_PASSWORD);
      System.setProperty(ADMIN_JDBC_URL, started.adminUrl());
      Map<String, String> config = new HashMap<>(files());
      config.put("quarkus.datasource.jdbc.url", started.url());
      // The gRPC server tells nobody which port it was given, so it is given a known one.
      String grpcPort = Integer.toString(freePort());
      System.setProperty(GRPC_PORT, grpcPort);
      config.put("quarkus.grpc.server.test-port", grpcPort);
      identityProvider = new TestIdentityProvider();
      TestKubernetes cluster = new TestKubernetes(TestDatabase.pki());
      kubernetes = cluster;
      config.putAll(cluster.config());
      config.put("penstock.oidc.issuer", TestIdentityProvider.issuer());
      // Waves that are over as soon as their nodes have answered.
      config.put("penstock.rollout.canary", "100ms");
      config.put("penstock.rollout.quarter", "100ms");
      config.put("quarkus.datasource.username", Migrations.APP_ROLE);
      config.put("quarkus.datasource.password", APP_PASSWORD);
      return config;
    } catch (IOException | SQLException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot start the tests' Postgres", e);
    }
  }

  private static Map<String, String> files() throws IOException, GeneralSecurityException {
    Path folder = Files.createTempDirectory("penstock-control-plane-test");
    KeyPair signing = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    PublicKey publicKey = signing.getPublic();
    System.setProperty(PUBLIC_KEY, Base64.getEncoder().encodeToString(publicKey.getEncoded()));
    byte[] masterKey = new byte[32];
    java.util.Arrays.fill(masterKey, (byte) 7);
    System.setProperty(MASTER_KEY, Base64.getEncoder().encodeToString(masterKey));
    TestPki pki = TestPki.create("Penstock test authority");
    System.setProperty(PKI, pki.folder().toString());
    TestPki.PemFiles server = pki.server();
    return Map.of(
        "penstock.tls.ca",
        pki.authority().toString(),
        "penstock.tls.cert",
        server.certificate().toString(),
        "penstock.tls.key",
        server.key().toString(),
        "penstock.node-ca.cert",
        pki.authority().toString(),
        "penstock.node-ca.key",
        pki.authorityKey().toString(),
        "penstock.admin-token-file",
        write(folder, "admin-token", ADMIN_TOKEN + "\n"),
        "penstock.master-key-file",
        write(folder, "master-key", Base64.getEncoder().encodeToString(masterKey) + "\n"),
        "penstock.snapshot-signing-key",
        write(folder, "signing.pem", pem(signing.getPrivate().getEncoded())),
        "penstock.provider-allow-private",
        "127.0.0.0/8",
        "penstock.webhook-allow-private",
        "127.0.0.0/8");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String pem(byte[] pkcs8) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pkcs8)
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static String write(Path folder, String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  @Override
  public void stop() {
    if (kubernetes != null) {
      kubernetes.close();
    }
    if (identityProvider != null) {
      identityProvider.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }
}
