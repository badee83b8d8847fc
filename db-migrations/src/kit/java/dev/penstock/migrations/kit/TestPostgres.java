package dev.penstock.migrations.kit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * An empty Postgres server: embedded, or in a container with {@code -Dbackend=containers}. It does
 * not write durably, as nothing of it outlives a test.
 */
public final class TestPostgres implements AutoCloseable {

  private static final String BACKEND = "backend";
  private static final String CONTAINERS = "containers";
  private static final DockerImageName IMAGE = DockerImageName.parse("postgres:18-alpine");
  private static final String DATABASE = "postgres";
  private static final String ADMIN = "postgres";
  private static final String ADMIN_PASSWORD = "admin-password-of-tests";
  private static final Map<String, String> SERVER =
      Map.of("fsync", "off", "synchronous_commit", "off");

  private final String url;
  private final String adminPassword;
  private final AutoCloseable server;

  private TestPostgres(String url, String adminPassword, AutoCloseable server) {
    this.url = url;
    this.adminPassword = adminPassword;
    this.server = server;
  }

  /**
   * Starts a server.
   *
   * @throws IllegalStateException if containers are asked for and Docker does not answer
   */
  public static TestPostgres start() {
    String backend = System.getProperty(BACKEND, "embedded");
    return switch (backend) {
      case "embedded" -> embedded();
      case CONTAINERS -> contained();
      default ->
          throw new IllegalStateException(
              "-D%s=%s (expected: embedded or %s)".formatted(BACKEND, backend, CONTAINERS));
    };
  }

  private static TestPostgres embedded() {
    try {
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder().setLocaleConfig("locale", "C");
      SERVER.forEach(builder::setServerConfig);
      EmbeddedPostgres server = builder.start();
      String url = "jdbc:postgresql://localhost:" + server.getPort() + "/" + DATABASE;
      return new TestPostgres(url, "", server);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the tests' Postgres", e);
    }
  }

  private static TestPostgres contained() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new IllegalStateException(
          "-Dbackend=containers, but no Docker answers: start it, or leave the property out");
    }
    PostgreSQLContainer server =
        new PostgreSQLContainer(IMAGE)
            .withDatabaseName(DATABASE)
            .withUsername(ADMIN)
            .withPassword(ADMIN_PASSWORD)
            .withEnv("POSTGRES_INITDB_ARGS", "--locale=C")
            .withCommand("postgres", "-c", "fsync=off", "-c", "synchronous_commit=off");
    server.start();
    String url =
        "jdbc:postgresql://%s:%d/%s"
            .formatted(
                server.getHost(),
                server.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                DATABASE);
    return new TestPostgres(url, ADMIN_PASSWORD, server);
  }

  /** JDBC URL without user and password. */
  public String url() {
    return url;
  }

  /** JDBC URL with which the superuser connects. */
  public String adminUrl() {
    return url + "?user=" + ADMIN + (adminPassword.isEmpty() ? "" : "&password=" + adminPassword);
  }

  public String admin() {
    return ADMIN;
  }

  /** Empty where the server asks for none. */
  public String adminPassword() {
    return adminPassword;
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot stop the tests' Postgres", e);
    }
  }
}
