package dev.penstock.dataplane.session;

import java.util.Locale;

/** Why a node has no session; a label of a metric, so the list is closed. */
public enum Down {
  /** It has one. */
  NONE,
  /** It has not had one yet. */
  STARTING,
  /** It has no certificate: it waits for a join token, or its certificate has expired. */
  NO_CERTIFICATE,
  /** The control plane no longer believes its certificate: the node was revoked. */
  DISTRUSTED,
  /** The control plane does not take it as it is: another name, region or spool, another node. */
  REFUSED,
  /** Nobody answers there, or nobody that can be trusted. */
  UNREACHABLE,
  /** A fault of the node. */
  FAULT;

  /** As the metric writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
