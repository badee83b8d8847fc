package dev.penstock.controlplane.secret;

import dev.penstock.controlplane.secret.Envelope.Sealed;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** Sealed rows, through the functions of schema {@code secret}: the tables are out of reach. */
@Singleton
class SecretRows {

  private final DataSource database;

  SecretRows(DataSource database) {
    this.database = database;
  }

  record Row(String tenant, String name, int version, List<String> regions, Sealed sealed) {}

  /** The newest version of every secret. */
  List<Row> newest() {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT tenant, name, version, regions, wrapped_key, sealed FROM secret.newest()");
        ResultSet rows = select.executeQuery()) {
      List<Row> found = new ArrayList<>();
      while (rows.next()) {
        found.add(
            new Row(
                rows.getString("tenant"),
                rows.getString("name"),
                rows.getInt("version"),
                List.of((String[]) rows.getArray("regions").getArray()),
                new Sealed(rows.getBytes("wrapped_key"), rows.getBytes("sealed"))));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read secrets", e);
    }
  }

  void addVersion(Row row) {
    try (Connection connection = database.getConnection();
        PreparedStatement call =
            connection.prepareStatement("SELECT secret.add_version(?, ?, ?, ?, ?, ?)")) {
      call.setString(1, row.tenant());
      call.setString(2, row.name());
      call.setInt(3, row.version());
      call.setArray(4, connection.createArrayOf("text", row.regions().toArray()));
      call.setBytes(5, row.sealed().wrappedKey());
      call.setBytes(6, row.sealed().value());
      call.execute();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot store a secret", e);
    }
  }

  void remove(String tenant, String name) {
    try (Connection connection = database.getConnection();
        PreparedStatement call = connection.prepareStatement("SELECT secret.remove(?, ?)")) {
      call.setString(1, tenant);
      call.setString(2, name);
      call.execute();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot remove a secret", e);
    }
  }

  Map<Integer, Sealed> peppers() {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT version, wrapped_key, sealed FROM secret.peppers()");
        ResultSet rows = select.executeQuery()) {
      Map<Integer, Sealed> found = new TreeMap<>();
      while (rows.next()) {
        found.put(
            rows.getInt("version"),
            new Sealed(rows.getBytes("wrapped_key"), rows.getBytes("sealed")));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read peppers", e);
    }
  }

  /** Adds a pepper unless another replica was first. */
  void addPepper(int version, Sealed sealed) {
    try (Connection connection = database.getConnection();
        PreparedStatement call = connection.prepareStatement("SELECT secret.add_pepper(?, ?, ?)")) {
      call.setInt(1, version);
      call.setBytes(2, sealed.wrappedKey());
      call.setBytes(3, sealed.value());
      call.execute();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot store a pepper", e);
    }
  }

  /**
   * A wrapped data key.
   *
   * @param tenant empty for a pepper's, as is the name
   */
  record WrappedKey(String tenant, String name, int version, byte[] wrappedKey) {

    /** What it is wrapped under. */
    String sealName() {
      return tenant.isEmpty()
          ? Peppers.nameOf(version)
          : PostgresSecretStore.sealName(tenant, name, version);
    }
  }

  /** The data keys of all versions and of all peppers. */
  List<WrappedKey> wrappedKeys() {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT tenant, name, version, wrapped_key FROM secret.wrapped_keys()");
        ResultSet rows = select.executeQuery()) {
      List<WrappedKey> found = new ArrayList<>();
      while (rows.next()) {
        found.add(
            new WrappedKey(
                rows.getString("tenant"),
                rows.getString("name"),
                rows.getInt("version"),
                rows.getBytes("wrapped_key")));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read wrapped keys", e);
    }
  }

  /** Replaces a data key's wrapping. */
  void rewrap(WrappedKey key, byte[] wrapped) {
    try (Connection connection = database.getConnection();
        PreparedStatement call = connection.prepareStatement("SELECT secret.rewrap(?, ?, ?, ?)")) {
      call.setString(1, key.tenant());
      call.setString(2, key.name());
      call.setInt(3, key.version());
      call.setBytes(4, wrapped);
      call.execute();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot store a wrapped key", e);
    }
  }
}
