package dev.penstock.controlplane.fleet;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A node's row, for reading only: {@link NodeRows} writes. */
@Entity(name = "Node")
@Table(schema = "usage", name = "node")
@Immutable
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class NodeEntity extends PanacheEntityBase {

  @Id String name;
  String region;
  String build;

  @Column(name = "session_id")
  @Nullable UUID sessionId;

  @Column(name = "last_heartbeat_at")
  Instant lastHeartbeatAt;

  @Column(name = "applied_revision")
  long appliedRevision;

  @Column(name = "acked_revision")
  long ackedRevision;

  int inflight;

  @Column(name = "spool_bytes")
  long spoolBytes;

  @JdbcTypeCode(SqlTypes.JSON)
  List<Nack> nacks;

  /** Whether it has a session and was heard of a moment ago. */
  boolean isConnected(Instant now) {
    return sessionId != null && lastHeartbeatAt.isAfter(now.minus(NodeRows.SILENCE));
  }
}
