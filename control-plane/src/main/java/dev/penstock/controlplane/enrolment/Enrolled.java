package dev.penstock.controlplane.enrolment;

import java.util.List;
import java.util.Objects;

/** What came of a node's request for a certificate. */
public sealed interface Enrolled {

  /** It has one: the node's, then what is needed to verify it, DER. */
  record Issued(List<byte[]> chain) implements Enrolled {
    public Issued {
      chain = List.copyOf(chain);
    }
  }

  /** It has none. The sentence is for the node's log and names the remedy. */
  record Refused(Why why, String sentence) implements Enrolled {
    public Refused {
      Objects.requireNonNull(why, "why");
      Objects.requireNonNull(sentence, "sentence");
    }
  }

  /** Kinds of refusals; {@code wire} gives each its gRPC status, and they are a metric's label. */
  enum Why {
    /** This control plane issues no certificates. */
    NOT_SET_UP,
    /** The request asks for what no node gets. */
    MALFORMED,
    /** The proof is none: unknown, expired, used. */
    NOT_PROVEN,
    /** The proof is for another name or region, or the node is revoked. */
    NOT_ALLOWED,
    /** The name is another node's. */
    NAME_TAKEN,
    /** Too often. */
    TOO_OFTEN,
    /** Our side cannot go on; the same request may be sent again. */
    UNAVAILABLE
  }
}
