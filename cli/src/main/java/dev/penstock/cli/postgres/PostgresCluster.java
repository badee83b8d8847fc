package dev.penstock.cli.postgres;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.installation.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * A data folder with its server. The server listens on the loopback address only, asks everyone for
 * a password, and writes durably: fault tests kill it and count afterwards.
 */
public final class PostgresCluster {
  public static final String ADMIN_USER = "postgres";
  private static final String DATABASE = "penstock";

  private final PostgresBinaries binaries;
  private final Path data;
  private final int port;
  private final String adminPassword;

  public PostgresCluster(Path tools, Path data, int port, String adminPassword) {
    this.binaries = PostgresBinaries.unpackedIn(tools);
    this.data = data;
    this.port = port;
    this.adminPassword = adminPassword;
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, DATABASE);
  }

  /** Makes the data folder when there is none. A folder without its version file is a torn one. */
  public void initialise() {
    if (Files.exists(data.resolve("PG_VERSION"))) {
      return;
    }
    OwnerOnly.wipe(data);
    OwnerOnly.folder(data.resolveSibling("."));
    Path password = data.resolveSibling("initial-password");
    OwnerOnly.write(password, adminPassword + "\n");
    try {
      Path draft = data.resolveSibling("data.new");
      OwnerOnly.wipe(draft);
      run(
          asUnprivileged(
              List.of(
                  binaries.program("initdb").toString(),
                  "--pgdata=" + draft,
                  "--username=" + ADMIN_USER,
                  "--pwfile=" + password,
                  "--auth=scram-sha-256",
                  "--encoding=UTF8",
                  "--locale=C")));
      Files.move(draft, data);
      Files.deleteIfExists(password);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot initialise Postgres in " + data, e);
    }
  }

  /** The postmaster's command line. */
  public List<String> serverCommand() {
    return asUnprivileged(
        List.of(
            binaries.program("postgres").toString(),
            "-D",
            data.toString(),
            "-p",
            Integer.toString(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "max_connections=100",
            "-c",
            "log_timezone=UTC"));
  }

  /** Whether the server takes connections. */
  public boolean isReady() {
    try (Connection connection = connect("postgres")) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false; // not up yet, or still recovering
    }
  }

  /** Makes Penstock's own database when it is not there. */
  public void createDatabase() {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
        if (found.next()) {
          return;
        }
      }
      statement.execute("create database " + DATABASE);
    } catch (SQLException e) {
      throw CommandFailure.failed("cannot make the database: " + e.getMessage());
    }
  }

  private Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", ADMIN_USER);
    properties.setProperty("password", adminPassword);
    properties.setProperty("connectTimeout", "2");
    properties.setProperty("loginTimeout", "2");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database), properties);
  }

  /**
   * Postgres refuses to run as root. In a user namespace of its own root is nobody; {@code unshare}
   * replaces itself by the program, so the process id stays the one we started.
   */
  private static List<String> asUnprivileged(List<String> command) {
    if (!"root".equals(System.getProperty("user.name"))) {
      return command;
    }
    List<String> wrapped = new ArrayList<>(List.of("unshare", "-U"));
    wrapped.addAll(command);
    return List.copyOf(wrapped);
  }

  private static void run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int code = process.waitFor();
      if (code != 0) {
        throw CommandFailure.failed(
            "`%s` ended with %d: %s".formatted(String.join(" ", command), code, output));
      }
    } catch (IOException e) {
      throw CommandFailure.configuration(
          "cannot run `%s`: %s".formatted(command.getFirst(), e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("interrupted while Postgres was being initialised");
    }
  }
}
