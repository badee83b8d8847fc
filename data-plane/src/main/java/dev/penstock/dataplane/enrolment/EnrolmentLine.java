package dev.penstock.dataplane.enrolment;

import dev.penstock.dataplane.config.NodeConfig.HostPort;
import java.util.List;

/** How the control plane is asked for a certificate. Both calls wait, some seconds at most. */
public interface EnrolmentLine {

  /** Why somebody without a certificate should get one. Never logged. */
  sealed interface Proof {

    /** A one-time token of the admin API. */
    record JoinToken(String text) implements Proof {
      @Override
      public String toString() {
        return "JoinToken[hidden]";
      }
    }

    /** What Kubernetes says of the pod. */
    record ServiceAccountToken(String text) implements Proof {
      @Override
      public String toString() {
        return "ServiceAccountToken[hidden]";
      }
    }
  }

  /** What the control plane says. */
  sealed interface Answer {

    /** The node's certificate and what verifies it, DER. */
    record Issued(List<byte[]> chain) implements Answer {
      public Issued {
        chain = List.copyOf(chain);
      }
    }

    /** No, and asking the same again is of no use. */
    record Refused(String sentence) implements Answer {}

    /** Not now. */
    record Unavailable(String sentence) implements Answer {}
  }

  /**
   * Gets ready to ask, while there is nothing to ask with yet; whether somebody is there or not.
   */
  void prepare(HostPort address);

  /** Asks for a first certificate; the control plane is known by its own. */
  Answer enrol(HostPort address, Proof proof, byte[] signingRequest);

  /** Asks for the next one, with the one at hand. */
  Answer renew(HostPort address, Identity.Pem current, byte[] signingRequest);
}
