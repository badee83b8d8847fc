package dev.penstock.controlplane.route;

import dev.penstock.controlplane.row.Row;
import dev.penstock.kernel.snapshot.PolicyContent.RetryOn;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRetry;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTimeouts;
import dev.penstock.kernel.snapshot.UnsupportedFields;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

@Entity(name = "Route")
@Table(schema = "policy", name = "route")
@IdClass(RouteEntity.Key.class)
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class RouteEntity implements Row<Route> {

  /** Whose it is, and its name there. */
  record Key(String tenant, String name) implements Serializable {}

  @Id String tenant;
  @Id String name;
  String model;

  @JdbcTypeCode(SqlTypes.JSON)
  List<List<Route.Target>> groups;

  long connectMillis;
  long firstTokenMillis;
  long idleMillis;
  long totalMillis;
  int retryAttempts;
  String[] retryOn;
  String unsupportedFields;

  @Override
  public void set(Route route) {
    tenant = route.tenant();
    name = route.name();
    model = route.model();
    groups = route.groups();
    connectMillis = route.timeouts().connectMillis();
    firstTokenMillis = route.timeouts().firstTokenMillis();
    idleMillis = route.timeouts().idleMillis();
    totalMillis = route.timeouts().totalMillis();
    retryAttempts = route.retry().attempts();
    retryOn = route.retry().on().stream().map(RetryOn::word).sorted().toArray(String[]::new);
    unsupportedFields = route.unsupportedFields().word();
  }

  @Override
  public Route toRecord() {
    return new Route(
        tenant,
        name,
        model,
        groups,
        new RouteTimeouts(connectMillis, firstTokenMillis, idleMillis, totalMillis),
        new RouteRetry(
            retryAttempts,
            Arrays.stream(retryOn)
                .map(word -> RetryOn.of(word).orElseThrow())
                .collect(Collectors.toSet())),
        UnsupportedFields.of(unsupportedFields).orElseThrow());
  }
}
