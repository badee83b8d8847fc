package dev.penstock.dataplane.enrolment;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** With what the node presents itself; asked anew at every connection, by any thread. */
public interface Identity {

  /** A certificate chain and its key, PEM. The key is never logged. */
  record Pem(byte[] certificates, byte[] key) {
    @Override
    public String toString() {
      return "Pem[hidden]";
    }
  }

  /** Empty while the node has none. */
  Optional<Pem> current() throws IOException;

  /** When it ends; empty where there is none or nobody knows. */
  Optional<Instant> expiresAt();

  /** The control plane has said that it no longer believes the current one. */
  void onDistrusted();
}
