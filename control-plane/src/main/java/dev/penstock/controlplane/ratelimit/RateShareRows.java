package dev.penstock.controlplane.ratelimit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.ratelimit.RateShares.Limit;
import dev.penstock.kernel.rate.Pool;
import dev.penstock.kernel.rate.SharedLimit;
import dev.penstock.kernel.rate.SharedLimit.Holder;
import dev.penstock.kernel.rate.Units;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How limits are divided, each in one row. */
final class RateShareRows {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Connection connection;

  RateShareRows(Connection connection) {
    this.connection = connection;
  }

  /**
   * A limit, locked.
   *
   * @param total as its tenant states it; nothing where there is no such limit any more
   * @param state empty: nobody has asked for it yet
   * @param nowMillis Unix time of the database
   */
  record Row(Limit limit, Units total, Optional<SharedLimit> state, long nowMillis) {}

  /**
   * Locks limits in the order of their names, so that two nodes' asks cannot wait for each other.
   */
  List<Row> lock(Collection<Limit> limits) throws SQLException {
    String[] tenants = limits.stream().map(Limit::tenant).toArray(String[]::new);
    String[] names = limits.stream().map(Limit::name).toArray(String[]::new);
    begin(tenants, names);
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT share.tenant, share.name, share.state,
              coalesce(stated.requests_per_minute, 0), coalesce(stated.tokens_per_minute, 0),
              coalesce(stated.concurrent_streams, 0),
              (extract(epoch FROM clock_timestamp()) * 1000)::bigint
            FROM usage.rate_share share
            LEFT JOIN policy.rate_limit stated USING (tenant, name)
            WHERE (tenant, name) IN (SELECT * FROM unnest(?, ?))
            ORDER BY tenant, name FOR UPDATE OF share\
            """)) {
      select.setArray(1, connection.createArrayOf("text", tenants));
      select.setArray(2, connection.createArrayOf("text", names));
      try (ResultSet rows = select.executeQuery()) {
        List<Row> locked = new ArrayList<>();
        while (rows.next()) {
          locked.add(
              new Row(
                  new Limit(rows.getString(1), rows.getString(2)),
                  new Units(rows.getLong(4), rows.getLong(5), rows.getLong(6)),
                  state(rows.getString(3)),
                  rows.getLong(7)));
        }
        return locked;
      }
    }
  }

  private void begin(String[] tenants, String[] names) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO usage.rate_share (tenant, name)
            SELECT tenant, name FROM policy.rate_limit
            WHERE (tenant, name) IN (SELECT * FROM unnest(?, ?))
            UNION ALL SELECT '', '' ORDER BY tenant, name
            ON CONFLICT DO NOTHING\
            """)) {
      insert.setArray(1, connection.createArrayOf("text", tenants));
      insert.setArray(2, connection.createArrayOf("text", names));
      insert.executeUpdate();
    }
  }

  void write(Map<Limit, SharedLimit> changed) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE usage.rate_share SET state = ?::jsonb WHERE tenant = ? AND name = ?")) {
      for (Map.Entry<Limit, SharedLimit> entry : changed.entrySet()) {
        update.setString(1, text(entry.getValue()));
        update.setString(2, entry.getKey().tenant());
        update.setString(3, entry.getKey().name());
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  private static String text(SharedLimit limit) {
    ObjectNode state = JSON.createObjectNode();
    put(state.putObject("pool"), limit.pool().level()).put("at", limit.pool().atMillis());
    ObjectNode holders = state.putObject("holders");
    limit
        .holders()
        .forEach((node, holder) -> {
          ObjectNode told = holders.putObject(node);
          told.put("number", holder.number()).put("heard", holder.heardMillis());
          put(told.putObject("atMost"), holder.atMost());
          put(told.putObject("want"), holder.want());
        });
    return state.toString();
  }

  private static ObjectNode put(ObjectNode to, Units units) {
    return to.put("requests", units.requests())
        .put("tokens", units.tokens())
        .put("streams", units.streams());
  }

  private static Optional<SharedLimit> state(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    JsonNode state = tree(text);
    Map<String, Holder> holders = new HashMap<>();
    state
        .path("holders")
        .properties()
        .forEach(holder ->
            holders.put(
                holder.getKey(),
                new Holder(
                    holder.getValue().path("number").asLong(),
                    units(holder.getValue().path("atMost")),
                    units(holder.getValue().path("want")),
                    holder.getValue().path("heard").asLong())));
    JsonNode pool = state.path("pool");
    return Optional.of(new SharedLimit(holders, new Pool(units(pool), pool.path("at").asLong())));
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("usage.rate_share holds what nobody wrote", impossible);
    }
  }

  private static Units units(JsonNode from) {
    return new Units(
        from.path("requests").asLong(),
        from.path("tokens").asLong(),
        from.path("streams").asLong());
  }
}
