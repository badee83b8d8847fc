package dev.penstock.controlplane.enrolment;

/** Why a node without a certificate should get one. Never logged. */
public sealed interface Proof {

  /** A one-time token of the admin API. */
  record JoinToken(String text) implements Proof {
    @Override
    public String toString() {
      return "JoinToken[hidden]";
    }
  }

  /** A token of a pod's service account. */
  record ServiceAccountToken(String text) implements Proof {
    @Override
    public String toString() {
      return "ServiceAccountToken[hidden]";
    }
  }
}
