package dev.penstock.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.cli.process.ManagedProcess;
import dev.penstock.cli.process.ProcessSpec;
import dev.penstock.cli.process.ProcessSpec.Label;
import dev.penstock.cli.process.ProcessState;
import dev.penstock.cli.process.ProcessTable;
import dev.penstock.cli.process.StopSignal;
import dev.penstock.cli.process.Supervisor;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresClusterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PASSWORD = "correct-horse";

  @TempDir Path folder;

  private final int port = freePort();

  private @org.jspecify.annotations.Nullable Supervisor supervisor;

  @AfterEach
  void leaveNothingBehind() {
    if (supervisor != null) {
      supervisor.closing();
      supervisor.all().forEach(ManagedProcess::kill);
    }
  }

  @Test
  void keepsItsDataThroughAStopAndAKill() throws Exception {
    PostgresCluster cluster = cluster();
    cluster.initialise();
    ManagedProcess server = launch(cluster);
    server.awaitReady(PATIENCE);
    cluster.createDatabase();
    cluster.createDatabase();
    execute(cluster, "create table kept(n int)");
    execute(cluster, "insert into kept values (1)");

    try (Connection client = connect(cluster)) {
      assertThat(client.isValid(1)).isTrue();
      server.stop(); // with a client connected, it must not wait for it
    }
    assertThat(server.state()).isEqualTo(new ProcessState.Stopped());
    server.start();
    server.awaitReady(PATIENCE);
    execute(cluster, "insert into kept values (2)");
    server.kill();
    server.start();
    server.awaitReady(PATIENCE);

    assertThat(count(cluster)).isEqualTo(2);
  }

  @Test
  void asksForThePassword() {
    PostgresCluster cluster = cluster();
    cluster.initialise();
    launch(cluster).awaitReady(PATIENCE);

    assertThatThrownBy(() ->
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "guess"))
        .hasMessageContaining("password authentication failed");
    assertThat(folder.resolve("postgres/initial-password")).doesNotExist();
  }

  @Test
  void beginsAnewWhenInitialisingWasCutShort() throws Exception {
    Files.createDirectories(folder.resolve("postgres/data/base"));

    cluster().initialise();

    assertThat(folder.resolve("postgres/data/PG_VERSION")).hasContent("18");
  }

  private PostgresCluster cluster() {
    // The module's build folder, so that the programs are unpacked once for all runs.
    return new PostgresCluster(
        Path.of("target/postgres-programs"), folder.resolve("postgres/data"), port, PASSWORD);
  }

  private ManagedProcess launch(PostgresCluster cluster) {
    Supervisor own =
        new Supervisor(new ProcessTable(folder.resolve("processes.json")), death -> {});
    supervisor = own;
    return own.launch(
        new ProcessSpec(
            new Label("postgres", "postgres", null, null, null),
            cluster.serverCommand(),
            Map.of(),
            cluster::isReady,
            StopSignal.INTERRUPT,
            folder.resolve("postgres.log")));
  }

  private static Connection connect(PostgresCluster cluster) throws SQLException {
    return DriverManager.getConnection(cluster.url(), PostgresCluster.ADMIN_USER, PASSWORD);
  }

  private static void execute(PostgresCluster cluster, String sql) throws SQLException {
    try (Connection connection = connect(cluster);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int count(PostgresCluster cluster) throws SQLException {
    try (Connection connection = connect(cluster);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from kept")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
