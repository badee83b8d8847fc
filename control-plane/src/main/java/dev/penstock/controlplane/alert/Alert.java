package dev.penstock.controlplane.alert;

import java.util.Objects;

/**
 * An alert on its way. The body is JSON; the secret's value is not here.
 *
 * @param index of the budget's action; the id that receivers know follows from it
 * @param tenant whose budget it is
 * @param attempts this one included
 */
record Alert(
    long index,
    String tenant,
    String url,
    String secretTenant,
    String secretName,
    int attempts,
    String body) {

  Alert {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(secretTenant, "secretTenant");
    Objects.requireNonNull(secretName, "secretName");
    Objects.requireNonNull(body, "body");
  }

  /** The same whenever it is sent: receivers tell a repetition by it. */
  String id() {
    return "budget-action-" + index;
  }
}
